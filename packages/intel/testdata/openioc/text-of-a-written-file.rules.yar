rule fact {
strings:
 $s0 = /MDMP/ ascii wide nocase
condition:
 $s0 in (0..3)
}
