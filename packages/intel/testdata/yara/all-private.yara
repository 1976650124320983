private rule hidden { strings: $a = "abcd" condition: $a }
