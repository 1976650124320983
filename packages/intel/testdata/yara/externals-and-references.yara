import "pe"
import "hash"

global rule small { condition: filesize < 10MB }

private rule is_program { condition: filetype == "EXE" or filetype == "ELF" }

rule lands_in_tmp : dropper {
  meta:
    description = "A program that was just written below /tmp"
    mitre_attack = "T1105, T1204.002"
  strings:
    $a = "connect-back"
  condition:
    is_program and new and filepath startswith "/tmp/" and extension != ".so" and owner != "root" and $a
}

rule named { condition: filename matches /^evil/i and lands_in_tmp }
