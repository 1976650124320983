import "pe"
rule fact {
condition:
 pe.is_pe and (for any e in pe.resources : (e.name_string == "E\x00V\x00I\x00L\x00"))
}
