// rule commented_out { condition: true }
/* import "dotnet" */
import "pe"
import "hash"

private rule helper { strings: $a = "}" condition: $a }

rule first_seen : trojan windows {
  meta:
    description = "A \"quoted\" description"
    score = -5
    shared = true
  strings:
    $hex = { 4D 5A [2-4] // } not the end
             ?? /* } */ 90 }
    $regex = /a\/b}{0,2}/ nocase
    $text = "rule fake { condition: true }" wide
  condition:
    helper and pe.is_pe and any of them and hash.md5(0, filesize) != "x" and filename != ""
}
