import "string"
rule newer { condition: string.length("ab") == 2 and filesize > 10 }
