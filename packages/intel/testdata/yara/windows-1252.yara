rule umlaut { meta: author = "Müller" strings: $a = "abcd" condition: $a }
