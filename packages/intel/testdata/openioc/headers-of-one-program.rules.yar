import "pe"
rule fact {
condition:
 pe.is_pe and ((pe.timestamp >= 1388534400 and pe.timestamp <= 1419984000))
}

import "pe"
rule fact {
condition:
 pe.is_pe and (pe.exports(/^Install/i))
}

import "pe"
rule fact {
condition:
 pe.is_pe and (for any e in pe.signatures : (e.subject matches /(^|[\x2f=])Evil Inc($|\x2f)/i))
}

import "pe"
rule fact {
condition:
 pe.is_pe and ((pe.checksum == 0))
}
