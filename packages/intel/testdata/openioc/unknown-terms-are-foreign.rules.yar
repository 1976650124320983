import "pe"
rule fact {
condition:
 pe.is_pe and (pe.timestamp == 1408782169)
}
