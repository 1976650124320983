rule fact {
strings:
 $s0 = "http://evil.example/gate.php" ascii wide nocase
condition:
 $s0
}

rule fact {
strings:
 $s0 = "192.0.2.7/x" ascii wide nocase
condition:
 $s0
}
