rule in_memory { meta: scan_context = "memory" strings: $a = "abcdef" condition: $a }
