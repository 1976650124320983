rule yara4_regex { strings: $a = /ab{/ $b = "abcd" condition: $a and $b }
