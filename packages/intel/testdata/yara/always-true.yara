rule always { condition: true }
rule sometimes { strings: $a = "abcd" condition: $a }
