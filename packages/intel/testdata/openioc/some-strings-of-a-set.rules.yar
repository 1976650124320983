rule fact {
strings:
 $s0 = "one" ascii nocase
 $s1 = "two" ascii nocase
 $s2 = "three" ascii nocase
condition:
 2 of ($s0, $s1, $s2)
}

rule fact {
strings:
 $s0 = "four" ascii nocase
condition:
 $s0
}
