/** One document of each kind, as tools write them; the values are the scenario's own. */

export function openIoc(md5: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<ioc xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="6d2a1b03-b216-4cd8-9a9e-8827af6ebf93" last-modified="2026-11-01T12:00:00" xmlns="http://schemas.mandiant.com/2010/ioc">
  <short_description>Loop: a file by MD5</short_description>
  <definition>
    <Indicator operator="OR" id="8bc4a7a7-0001-4cf8-9a5c-0a3c6a9a7a01">
      <IndicatorItem id="8bc4a7a7-0002-4cf8-9a5c-0a3c6a9a7a01" condition="is">
        <Context document="FileItem" search="FileItem/Md5sum" type="mir" />
        <Content type="md5">${md5}</Content>
      </IndicatorItem>
    </Indicator>
  </definition>
</ioc>`
}

export function stix(sha256: string): string {
  return `<?xml version="1.0"?>
<stix:STIX_Package xmlns:stix="http://stix.mitre.org/stix-1" xmlns:indicator="http://stix.mitre.org/Indicator-2" xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:cyboxCommon="http://cybox.mitre.org/common-2" xmlns:FileObj="http://cybox.mitre.org/objects#FileObject-2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:example="http://example.com/" id="example:package-1" version="1.2">
  <stix:Indicators>
    <stix:Indicator xsi:type="indicator:IndicatorType" id="example:indicator-1">
      <indicator:Title>Loop: a file by SHA-256</indicator:Title>
      <indicator:Observable id="example:observable-1">
        <cybox:Object id="example:file-1">
          <cybox:Properties xsi:type="FileObj:FileObjectType">
            <FileObj:Hashes>
              <cyboxCommon:Hash>
                <cyboxCommon:Type condition="Equals">SHA256</cyboxCommon:Type>
                <cyboxCommon:Simple_Hash_Value condition="Equals">${sha256}</cyboxCommon:Simple_Hash_Value>
              </cyboxCommon:Hash>
            </FileObj:Hashes>
          </cybox:Properties>
        </cybox:Object>
      </indicator:Observable>
    </stix:Indicator>
  </stix:Indicators>
</stix:STIX_Package>`
}

export function cybox(name: string, size: number): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<cybox:Observables xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:FileObj="http://cybox.mitre.org/objects#FileObject-2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:example="http://example.com/" cybox_major_version="2" cybox_minor_version="1">
  <cybox:Observable id="example:observable-2">
    <cybox:Object id="example:file-2">
      <cybox:Properties xsi:type="FileObj:FileObjectType">
        <FileObj:File_Name condition="Equals">${name}</FileObj:File_Name>
        <FileObj:Size_In_Bytes condition="Equals">${size}</FileObj:Size_In_Bytes>
      </cybox:Properties>
    </cybox:Object>
  </cybox:Observable>
</cybox:Observables>`
}

export function yara(text: string): string {
  return `rule loop_marker {
  meta:
    description = "Loop: a file by its content"
  strings:
    $mark = "${text}"
  condition:
    $mark
}
`
}
