rule fact {
strings:
 $s0 = "a\x5cb" wide fullword
condition:
 $s0
}

rule fact {
strings:
 $s0 = /x[0-9]+y/ ascii nocase
condition:
 $s0
}

import "pe"
rule fact {
strings:
 $s0 = { 4D 5A ?? ( 01 | 02 ) [2-4] 03 }
condition:
 $s0 in (pe.entry_point..pe.entry_point + 10)
}

rule fact {
strings:
 $s0 = "often" ascii nocase
condition:
 #s0 > 3
}
