import { pdfNameCount, pdfVersion } from '../../lowering/pdf-facts.ts'
import { allUnseen, inFile, type KnownField, type ObjectRows, unseen } from './rows.ts'

const keywords =
  `Page Encrypt ObjStm JS JavaScript AA OpenAction ASCIIHexDecode ASCII85Decode LZWDecode FlateDecode
  RunLengthDecode JBIG2Decode DCTDecode RichMedia CCITTFaxDecode Launch XFA`.split(/\s+/)

const counts: Readonly<Record<string, KnownField>> = Object.fromEntries(
  keywords.map((name) => [
    `Metadata/Keyword_Counts/${name}_Count/Non_Obfuscated_Count`,
    inFile(pdfNameCount(name), `how often /${name} stands in the document`),
  ]),
)

export const pdfObjects: ObjectRows = {
  PDFFileObjectType: {
    object: 'file',
    base: 'FileObjectType',
    fields: {
      Version: inFile(pdfVersion, 'the version in the header'),
      ...counts,
      'Metadata/Keyword_Counts/*': unseen('names that are disguised are not counted'),
      'Metadata/*': unseen('of documents only the version and names are read'),
      ...allUnseen(
        'of documents only the version and names are read',
        'Indirect_Objects/* Cross_Reference_Tables/* Trailers/*',
      ),
    },
  },
}
