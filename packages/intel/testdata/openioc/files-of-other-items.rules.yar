import "pe"
rule fact {
condition:
 pe.is_pe and (pe.dll_name matches /^evil\x2edll$/i)
}
