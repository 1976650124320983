import "magic"
rule by_type { condition: magic.type() contains "PDF" }
