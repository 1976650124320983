import { fileFormat, magicNumber } from '../../lowering/bytes-in-file.ts'
import { artifact, byteRun, codeSegment, extractedFeatures } from './bytes.ts'
import { pdfObjects } from './pdf.ts'
import { imphash, programObjects, signatures } from './programs.ts'
import { allUnseen, inFile, type KnownField, type ObjectRows, to, unseen } from './rows.ts'

const fuzzy = 'fuzzy hashes are compared by likeness, which no endpoint does'
const packed = 'archives and compressed files are not looked into'

/** Hashes of a whole file; the algorithm stands where the path has it. */
const hashes: Readonly<Record<string, KnownField>> = {
  'Hashes/Hash/md5': to('file.md5'),
  'Hashes/Hash/sha1': to('file.sha1'),
  'Hashes/Hash/sha256': to('file.sha256'),
  'Hashes/Hash/imphash': imphash,
  'Hashes/Hash/ssdeep': unseen(fuzzy),
  'Hashes/Hash/fuzzy': unseen(fuzzy),
  'Hashes/Hash/unknown': unseen('its length is that of no hash, and its type is not told'),
  'Hashes/*': unseen('no endpoint computes this hash'),
}

export const fileObjects: ObjectRows = {
  FileObjectType: {
    object: 'file',
    fields: {
      File_Name: to('file.name'),
      File_Path: { property: 'file.path', or: 'file.directory' },
      Full_Path: to('file.path'),
      File_Extension: { property: 'file.extension', meaning: 'extension' },
      Size_In_Bytes: to('file.size'),
      Modified_Time: to('file.modified'),
      Accessed_Time: to('file.accessed'),
      Created_Time: to('file.created'),
      User_Owner: to('file.owner'),
      Magic_Number: inFile(magicNumber, 'the first bytes of the file'),
      File_Format: inFile(fileFormat, 'magic.type()'),
      'Byte_Runs/Byte_Run/Byte_Run_Data': byteRun,
      'Byte_Runs/Byte_Run/Offset': 'implied',
      'Byte_Runs/Byte_Run/Length': 'implied',
      'Byte_Runs/Byte_Run/Byte_Order': 'implied',
      'Byte_Runs/*': unseen('of runs of bytes only the bytes and their offset are read'),
      ...hashes,
      ...signatures('Digital_Signatures/Digital_Signature'),
      ...extractedFeatures('file'),
      'Extracted_Features/*': unseen('this is found by analysing a file, which no endpoint does'),
      'Packer_List/*': unseen('which packer made a file is not determined'),
      'File_Attributes_List/*': unseen('attributes of files are not scanned'),
      'Sym_Links/*': unseen('links to a file are not scanned'),
      ...allUnseen(packed, 'Compression_Method Compression_Version Compression_Comment'),
      ...allUnseen('whether a file is encrypted is not determined', 'Encryption_Algorithm Decryption_Key'),
      Peak_Entropy: unseen('the peak of a file’s entropy is not measured'),
      Device_Path: unseen('files are known by their paths, not by their devices'),
      'Permissions/*': unseen('permissions are attributes, which are not compared'),
    },
  },
  UnixFileObjectType: {
    object: 'file',
    base: 'FileObjectType',
    fields: { Group_Owner: to('file.group'), INode: to('file.inode'), Type: 'implied' },
  },
  WindowsFileObjectType: {
    object: 'file',
    base: 'FileObjectType',
    fields: {
      Drive: { property: 'file.path', meaning: 'drive' },
      Security_ID: to('file.owner'),
      Security_Type: 'implied',
      'Stream_List/*': unseen('alternate streams are not scanned'),
      ...allUnseen(
        'only the times of a file itself are scanned, not those of its name',
        'Filename_Accessed_Time Filename_Created_Time Filename_Modified_Time',
      ),
    },
  },
  ...programObjects,
  ...pdfObjects,
  ArchiveFileObjectType: {
    object: 'file',
    base: 'FileObjectType',
    fields: {
      'Archived_File/*': unseen(packed),
      ...allUnseen(packed, 'Archive_Format Version File_Count Comment'),
    },
  },
  ImageFileObjectType: {
    object: 'file',
    base: 'FileObjectType',
    fields: allUnseen(
      'pictures are not looked into',
      'Image_File_Format Image_Height Image_Width Bits_Per_Pixel Compression_Algorithm',
    ),
  },
  ArtifactObjectType: {
    object: 'file',
    fields: {
      ...hashes,
      Raw_Artifact: artifact,
      Raw_Artifact_Reference: unseen('what lies elsewhere is not fetched'),
      'Packaging/Encoding': 'implied',
      'Packaging/*': unseen('packed artifacts are not unpacked'),
    },
  },
  CodeObjectType: {
    object: 'file',
    fields: {
      Code_Segment: codeSegment,
      Code_Segment_XOR: unseen('code that was changed by XOR is not changed back'),
      Description: 'implied',
      Type: 'implied',
      Purpose: 'implied',
      Code_Language: 'implied',
      'Targeted_Platforms/*': 'implied',
      Processor_Family: 'implied',
      'Discovery_Method/*': 'implied',
      Start_Address: unseen('where code is loaded differs from run to run'),
      ...signatures('Digital_Signatures/Digital_Signature'),
      ...extractedFeatures('file'),
    },
  },
  MemoryObjectType: {
    object: 'process',
    why: 'of memory only texts and bytes in it are looked for',
    fields: extractedFeatures('memory'),
  },
}
