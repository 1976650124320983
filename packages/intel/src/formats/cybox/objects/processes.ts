import { extractedFeatures } from './bytes.ts'
import { socketFields } from './network.ts'
import { allUnseen, below, type KnownField, type ObjectRows, part, to, unseen } from './rows.ts'

const handle = 'of handles only the names are scanned'
const startup = 'how a window was to look is not recorded'

const handles: Readonly<Record<string, KnownField>> = {
  Name: { property: 'process.handle', meaning: 'object name' },
  Type: 'implied',
  ...allUnseen(handle, 'ID Object_Address Access_Mask Pointer_Count'),
}

const service: Readonly<Record<string, string>> = {
  service_auto_start: 'auto',
  service_demand_start: 'manual',
  service_disabled: 'disabled',
  service_boot_start: 'auto',
  service_system_alert: 'auto',
  service_running: 'running',
  service_stopped: 'stopped',
}

export const processObjects: ObjectRows = {
  ProcessObjectType: {
    object: 'process',
    fields: {
      PID: to('process.pid'),
      Name: to('process.name'),
      Creation_Time: to('process.start_time'),
      Start_Time: to('process.start_time'),
      Parent_PID: to('process.parent_pid'),
      Username: to('process.user_name'),
      'Image_Info/Command_Line': to('process.command_line'),
      'Image_Info/Current_Directory': to('process.cwd'),
      'Image_Info/File_Name': to('process.name'),
      'Image_Info/Path': { property: 'process.path', meaning: 'file or folder' },
      'Argument_List/Argument': part('process.command_line'),
      'Environment_Variable_List/Environment_Variable/Name': {
        property: 'process.environment',
        equals: 'starts with',
      },
      'Environment_Variable_List/Environment_Variable/Value': {
        property: 'process.environment',
        equals: 'ends with',
      },
      'Port_List/Port/Port_Value': to('connection.port'),
      'Port_List/Port/Layer4_Protocol': to('connection.protocol'),
      ...below('Network_Connection_List/Network_Connection', socketFields),
      ...extractedFeatures('memory'),
      'Extracted_Features/*': unseen('this is found by analysing a process, which no endpoint does'),
      'Child_PID_List/*': unseen('a process knows its parent, not its children'),
      'Status/*': unseen('the state of a process is not recorded'),
      ...allUnseen('how long a process computed is not recorded', 'Kernel_Time User_Time'),
    },
  },
  UnixProcessObjectType: {
    object: 'process',
    base: 'ProcessObjectType',
    fields: {
      'Open_File_Descriptor_List/*': unseen('open files are known by their names, not by numbers'),
      ...allUnseen('this property of a process is not recorded', 'Priority RUID Session_ID'),
    },
  },
  WindowsProcessObjectType: {
    object: 'process',
    base: 'ProcessObjectType',
    fields: {
      ...below('Handle_List/Handle', handles),
      ...allUnseen(
        'this property of a process is not recorded',
        'Priority Security_ID Window_Title Thread/*',
      ),
      Security_Type: 'implied',
      'Startup_Info/*': unseen(startup),
      ...below('Section_List/Memory_Section', extractedFeatures('memory')),
      'Section_List/*': unseen('of memory only texts and bytes in it are looked for'),
    },
  },
  WindowsHandleObjectType: { object: 'process', fields: handles },
  WindowsServiceObjectType: {
    object: 'service',
    base: 'WindowsProcessObjectType',
    fields: {
      Service_Name: to('service.name'),
      Name: to('service.name'),
      Display_Name: to('service.description'),
      'Description_List/Description': to('service.description'),
      Service_DLL: { property: 'service.file', meaning: 'file or folder' },
      Startup_Command_Line: to('service.command_line'),
      'Image_Info/Command_Line': to('service.command_line'),
      'Image_Info/Path': { property: 'service.path', meaning: 'file or folder' },
      'Image_Info/File_Name': { property: 'service.path', meaning: 'file name' },
      PID: to('service.pid'),
      Startup_Type: { property: 'service.start_mode', words: service },
      Service_Status: { property: 'service.state', words: service },
      Started_As: to('service.user'),
      Username: to('service.user'),
      ...allUnseen('this property of a service is not scanned', 'Group_Name Service_Type'),
      ...allUnseen(
        'hash and signature of a service’s library are properties of its file',
        'Service_DLL_Certificate_Issuer Service_DLL_Certificate_Subject Service_DLL_Hashes/* Service_DLL_Signature_Description',
      ),
    },
  },
  WindowsTaskObjectType: {
    object: 'task',
    why: 'this property of a scheduled task is not scanned',
    fields: {
      Name: to('task.name'),
      Application_Name: { property: 'task.path', meaning: 'file or folder' },
      Parameters: part('task.command_line'),
      Account_Name: to('task.user'),
      'Action_List/Action/IExecAction/Exec_Program_Path': {
        property: 'task.path',
        meaning: 'file or folder',
      },
      'Action_List/Action/IExecAction/Exec_Arguments': part('task.command_line'),
      'Action_List/Action/Action_Type': 'implied',
    },
  },
  LibraryObjectType: {
    object: 'image',
    why: 'of loaded libraries only name, path and hashes are recorded',
    fields: { Name: to('image.name'), Path: to('image.path'), Type: 'implied' },
  },
}
