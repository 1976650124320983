// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
// Records what processes do into one ring: docs/architecture.md says which hooks each tier has.
// Offsets of the records are read by decode.ts; both change together, and so does LAYOUT.
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define AF_INET 2
#define AF_INET6 10
#define FMODE_WRITE 0x2
#define FMODE_OPENED 0x80000
#define FMODE_CREATED 0x100000
#define PROT_EXEC 4
#define S_IFMT 0170000
#define S_IFREG 0100000
#define SECOND 1000000000ULL

enum kind {
  FORK = 1, EXEC, EXIT,
  CREATE, WRITE, RENAME, DELETE, CHANGE, LINK, UNDONE,
  CONNECT, ACCEPT, LISTEN, CLOSE, DATAGRAM, DNS_QUERY, DNS_ANSWER,
  IMAGE, MODULE, PTRACE, BPF_LOAD, SET_USER, MOUNT,
  KINDS = 32,
};

/* Before every record; 96 bytes. */
struct head {
  u16 kind, cpu;
  u32 sequence; /* of this kind on this processor */
  u64 at;       /* ns since boot */
  u32 pid, tid, ppid, uid, gid, euid, egid, login;
  u64 start; /* ns since boot, of the first thread */
  u64 cgroup;
  u32 pid_ns, mount_ns, ns_pid, cut;
  char comm[16];
};

#define ROOM 32000
#define ARGUMENTS 16383
#define NAMES 8191 /* offsets of names stay below */
struct record {
  struct head head;
  u8 data[ROOM - sizeof(struct head)];
};

struct file_facts {
  u64 inode, size;
  u64 changed; /* ns since 1970: whatever is done to the content or its times, this moves */
  u32 device, mode, links, owner;
};

struct exec_facts {
  struct file_facts file;
  u64 capabilities;
  u32 argument_bytes, argument_count, secure;
  u16 cwd, cgroup, arguments, pad;
};

struct socket_facts {
  u16 family, local_port, remote_port, protocol;
  u8 local[16], remote[16];
  u32 owner_pid, error;
  u64 received, sent, owner_start;
};

struct count {
  u64 sequence, kept, dropped;
};

struct owner {
  u32 pid, uid;
  u64 start;
};

struct peer {
  u32 pid;
  u16 family, port;
  u8 address[16];
};

#define MOST_CPUS 512

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 16 << 20);
} ring SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, KINDS);
  __type(key, u32);
  __type(value, struct record);
} scratch SEC(".maps");

/* By processor and kind; the agent maps it and reads without a call. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, MOST_CPUS * KINDS);
  __type(key, u32);
  __type(value, struct count);
} counts SEC(".maps");

/* [0]: ns since boot at which the agent last read the ring; [1 + kind]: losses it has told of; above: skips it has told of. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1 + KINDS);
  __type(key, u32);
  __type(value, u64);
} reader SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 65536);
  __type(key, u64);
  __type(value, struct owner);
} socket_owners SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 32768);
  __type(key, u64);
  __type(value, struct owner);
} cookie_owners SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 8192);
  __type(key, struct peer);
  __type(value, u64);
} peers SEC(".maps");

/* Set by the loader: the kernel lets fentry in, so connect and accept are theirs. */
const volatile u32 has_fentry = 0;

/* A ring that nobody reads must not cost for ever. */
static __always_inline bool is_read(u64 now) {
  u32 zero = 0;
  u64 *last = bpf_map_lookup_elem(&reader, &zero);
  return last && now - *last < 600 * SECOND;
}

static __always_inline struct record *blank(u32 kind) {
  u64 now = bpf_ktime_get_boot_ns();
  if (!is_read(now)) return 0;
  struct record *record = bpf_map_lookup_elem(&scratch, &kind);
  if (!record) return 0;
  __builtin_memset(&record->head, 0, sizeof(record->head));
  record->head.kind = kind;
  record->head.cpu = bpf_get_smp_processor_id();
  record->head.at = now;
  return record;
}

static __always_inline void note_namespaces(struct head *head, struct task_struct *task) {
  struct nsproxy *proxy = BPF_CORE_READ(task, nsproxy);
  if (!proxy) return;
  head->pid_ns = BPF_CORE_READ(proxy, pid_ns_for_children, ns.inum);
  head->mount_ns = BPF_CORE_READ(proxy, mnt_ns, ns.inum);
  struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
  u32 level = BPF_CORE_READ(pid, level);
  struct upid upid = {};
  void *numbers = (void *)pid + bpf_core_field_offset(struct pid, numbers);
  if (level < 32 && !bpf_probe_read_kernel(&upid, sizeof(upid), numbers + level * bpf_core_type_size(struct upid)))
    head->ns_pid = upid.nr;
}

static __always_inline struct record *begin(u32 kind) {
  struct record *record = blank(kind);
  if (!record) return 0;
  struct head *head = &record->head;
  struct task_struct *task = (void *)bpf_get_current_task();
  u64 id = bpf_get_current_pid_tgid(), user = bpf_get_current_uid_gid();
  head->pid = id >> 32;
  head->tid = (u32)id;
  head->uid = (u32)user;
  head->gid = user >> 32;
  head->ppid = BPF_CORE_READ(task, real_parent, tgid);
  head->euid = BPF_CORE_READ(task, cred, euid.val);
  head->egid = BPF_CORE_READ(task, cred, egid.val);
  head->login = BPF_CORE_READ(task, loginuid.val);
  head->start = BPF_CORE_READ(task, group_leader, start_boottime);
  head->cgroup = bpf_get_current_cgroup_id();
  note_namespaces(head, task);
  bpf_get_current_comm(head->comm, sizeof(head->comm));
  return record;
}

static __always_inline void emit(struct record *record, u32 kind, u32 length) {
  u32 cell = (u32)record->head.cpu * KINDS + kind;
  struct count *count = bpf_map_lookup_elem(&counts, &cell);
  if (!count) return;
  record->head.sequence = __sync_fetch_and_add(&count->sequence, 1);
  asm volatile("" : "+r"(length));
  if (length > ROOM - sizeof(struct head)) length = ROOM - sizeof(struct head);
  if (bpf_ringbuf_output(&ring, record, sizeof(struct head) + length, BPF_RB_NO_WAKEUP))
    __sync_fetch_and_add(&count->dropped, 1);
  else
    __sync_fetch_and_add(&count->kept, 1);
}

/*
 * Writes the names from a file up to the root, each with a NUL, and an empty one after the last; gives the offset behind.
 * A global function is verified once; the offset lies in map memory, so that the rounds look alike to the verifier.
 */
__attribute__((noinline)) u32 write_path(u32 kind, u32 start, u64 dentry_at, u64 mount_at) {
  struct record *record = bpf_map_lookup_elem(&scratch, &kind);
  if (!record) return 0;
  struct dentry *dentry = (void *)dentry_at;
  struct vfsmount *vfs = (void *)mount_at;
  struct mount *mount = (void *)vfs - bpf_core_field_offset(struct mount, mnt);
  volatile u32 *offset = &record->head.cut;
  *offset = start & NAMES;
  u32 most = (start & NAMES) + 4096 - 256;
  bool is_whole = false;
  for (int step = 0; step < 96; step++) {
    struct dentry *root = BPF_CORE_READ(vfs, mnt_root);
    if (dentry == root) {
      struct mount *parent = BPF_CORE_READ(mount, mnt_parent);
      if (parent == mount) { is_whole = true; break; }
      dentry = BPF_CORE_READ(mount, mnt_mountpoint);
      mount = parent;
      vfs = (void *)mount + bpf_core_field_offset(struct mount, mnt);
      continue;
    }
    struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
    if (parent == dentry) { is_whole = true; break; }
    u32 at = *offset;
    if (at >= most) break;
    at &= NAMES;
    long written = bpf_probe_read_kernel_str(record->data + at, 256, BPF_CORE_READ(dentry, d_name.name));
    if (written > 0) *offset = at + written;
    dentry = parent;
  }
  u32 end = *offset & NAMES;
  record->data[end] = 0;
  *offset = !is_whole;
  return end + 1;
}

/* Kernels up to 6.1 refuse a trusted pointer where a global function wants a number. */
static __always_inline u64 number(const void *pointer) {
  u64 value = 0;
  const void *copy = pointer;
  bpf_probe_read_kernel(&value, sizeof(value), &copy);
  return value;
}
#define PATH(kind, start, dentry, mount) write_path(kind, start, number(dentry), number(mount))

/* The field has had three names: i_ctime, __i_ctime (6.6) and two numbers (6.11). */
struct inode___6_6 {
  struct timespec64 __i_ctime;
} __attribute__((preserve_access_index));
struct inode___old {
  struct timespec64 i_ctime;
} __attribute__((preserve_access_index));

static __always_inline u64 changed_at(struct inode *inode) {
  struct inode___6_6 *newer = (void *)inode;
  struct inode___old *older = (void *)inode;
  if (bpf_core_field_exists(inode->i_ctime_sec))
    return BPF_CORE_READ(inode, i_ctime_sec) * SECOND + (BPF_CORE_READ(inode, i_ctime_nsec) & 0x7fffffff); /* the top bit is a mark */
  if (bpf_core_field_exists(newer->__i_ctime))
    return BPF_CORE_READ(newer, __i_ctime.tv_sec) * SECOND + BPF_CORE_READ(newer, __i_ctime.tv_nsec);
  return BPF_CORE_READ(older, i_ctime.tv_sec) * SECOND + BPF_CORE_READ(older, i_ctime.tv_nsec);
}

static __always_inline void read_file(struct file_facts *facts, struct inode *inode) {
  facts->inode = BPF_CORE_READ(inode, i_ino);
  facts->size = BPF_CORE_READ(inode, i_size);
  facts->device = BPF_CORE_READ(inode, i_sb, s_dev);
  facts->mode = BPF_CORE_READ(inode, i_mode);
  facts->links = BPF_CORE_READ(inode, i_nlink);
  facts->owner = BPF_CORE_READ(inode, i_uid.val);
  facts->changed = changed_at(inode);
}

/* ---- processes */

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child) {
  if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid)) return 0;
  struct record *record = begin(FORK);
  if (!record) return 0;
  struct { u32 pid, flags; u64 start; } *facts = (void *)record->data;
  facts->pid = BPF_CORE_READ(child, tgid);
  facts->flags = BPF_CORE_READ(child, flags);
  facts->start = BPF_CORE_READ(child, start_boottime);
  emit(record, FORK, sizeof(*facts));
  return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old, struct linux_binprm *program) {
  struct record *record = begin(EXEC);
  if (!record) return 0;
  struct exec_facts *facts = (void *)record->data;
  struct file *file = BPF_CORE_READ(program, file);
  read_file(&facts->file, BPF_CORE_READ(file, f_inode));
  facts->argument_count = BPF_CORE_READ(program, argc);
  facts->secure = BPF_CORE_READ_BITFIELD_PROBED(program, secureexec);
  facts->capabilities = 0;
  bpf_core_read(&facts->capabilities, sizeof(u64), &task->cred->cap_effective);
  u32 at = PATH(EXEC, sizeof(*facts), BPF_CORE_READ(file, f_path.dentry), BPF_CORE_READ(file, f_path.mnt));
  u32 cut = record->head.cut;
  facts->cwd = at;
  at = PATH(EXEC, at & NAMES, BPF_CORE_READ(task, fs, pwd.dentry), BPF_CORE_READ(task, fs, pwd.mnt));
  record->head.cut = cut | record->head.cut << 1;
  facts->cgroup = at;
  at &= NAMES;
  long named = bpf_probe_read_kernel_str(record->data + at, 256, BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, name));
  if (named > 0) at += named;
  facts->arguments = at;
  at &= NAMES;
  u64 from = BPF_CORE_READ(task, mm, arg_start), length = BPF_CORE_READ(task, mm, arg_end) - from;
  facts->argument_bytes = length;
  if (length > ARGUMENTS) length = ARGUMENTS;
  length &= ARGUMENTS;
  if (length && bpf_probe_read_user(record->data + at, length, (void *)from) == 0) at += length;
  else if (length) facts->argument_bytes = 0xffffffff; /* not readable now */
  emit(record, EXEC, at);
  return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task) {
  if (BPF_CORE_READ(task, signal, live.counter) != 0) return 0; /* other threads go on */
  struct record *record = begin(EXIT);
  if (!record) return 0;
  struct { u32 code, pad; u64 user, system, read, written; } *facts = (void *)record->data;
  u32 of_group = BPF_CORE_READ(task, signal, group_exit_code);
  facts->code = of_group ? of_group : BPF_CORE_READ(task, exit_code);
  facts->user = BPF_CORE_READ(task, utime);
  facts->system = BPF_CORE_READ(task, stime);
  facts->read = BPF_CORE_READ(task, ioac.rchar);
  facts->written = BPF_CORE_READ(task, ioac.wchar);
  emit(record, EXIT, sizeof(*facts));
  return 0;
}

/* ---- files: only where the kernel lets fentry in; elsewhere fanotify tells of them */

static __always_inline bool is_regular(struct inode *inode) {
  return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFREG;
}

/* proc, sysfs, cgroup, cgroup2, tracefs, debugfs, bpf */
static __always_inline bool is_virtual(struct inode *inode) {
  u64 magic = BPF_CORE_READ(inode, i_sb, s_magic);
  return magic == 0x9fa0 || magic == 0x62656572 || magic == 0x27e0eb || magic == 0x63677270 || magic == 0x74726163 ||
         magic == 0x64626720 || magic == 0xcafe4a11;
}

static __always_inline int tell_file(u32 kind, struct inode *inode, struct dentry *dentry, struct vfsmount *mount) {
  struct record *record = begin(kind);
  if (!record) return 0;
  struct file_facts *facts = (void *)record->data;
  read_file(facts, inode);
  emit(record, kind, PATH(kind, sizeof(*facts), dentry, mount));
  return 0;
}

static __always_inline int tell_open_file(u32 kind, struct file *file) {
  struct inode *inode = BPF_CORE_READ(file, f_inode);
  if (!is_regular(inode) || is_virtual(inode)) return 0;
  return tell_file(kind, inode, BPF_CORE_READ(file, f_path.dentry), BPF_CORE_READ(file, f_path.mnt));
}

SEC("?fentry/security_file_open")
int BPF_PROG(on_open, struct file *file) {
  return BPF_CORE_READ(file, f_mode) & FMODE_CREATED ? tell_open_file(CREATE, file) : 0;
}

/* Every way to close a file ends here. */
SEC("?fentry/__fput")
int BPF_PROG(on_put, struct file *file) {
  u32 wanted = FMODE_WRITE | FMODE_OPENED;
  return (BPF_CORE_READ(file, f_mode) & wanted) == wanted ? tell_open_file(WRITE, file) : 0;
}

/* file facts, the offset of the second path, first path, second path */
static __always_inline int tell_two(u32 kind, struct dentry *from, struct vfsmount *from_mount, struct dentry *to,
                                    struct vfsmount *to_mount) {
  struct inode *inode = BPF_CORE_READ(from, d_inode);
  if (is_virtual(inode)) return 0;
  struct record *record = begin(kind);
  if (!record) return 0;
  struct file_facts *facts = (void *)record->data;
  read_file(facts, inode);
  u32 second = PATH(kind, sizeof(*facts) + 4, from, from_mount);
  *(u32 *)(record->data + sizeof(*facts)) = second;
  emit(record, kind, PATH(kind, second & NAMES, to, to_mount));
  return 0;
}

SEC("?fentry/security_path_rename")
int BPF_PROG(on_rename, const struct path *from_dir, struct dentry *from, const struct path *to_dir, struct dentry *to) {
  return tell_two(RENAME, from, BPF_CORE_READ(from_dir, mnt), to, BPF_CORE_READ(to_dir, mnt));
}

SEC("?fentry/security_path_link")
int BPF_PROG(on_link, struct dentry *from, const struct path *dir, struct dentry *to) {
  return tell_two(LINK, from, BPF_CORE_READ(dir, mnt), to, BPF_CORE_READ(dir, mnt));
}

SEC("?fentry/security_path_unlink")
int BPF_PROG(on_unlink, const struct path *dir, struct dentry *dentry) {
  struct inode *inode = BPF_CORE_READ(dentry, d_inode);
  return is_virtual(inode) ? 0 : tell_file(DELETE, inode, dentry, BPF_CORE_READ(dir, mnt));
}

SEC("?fentry/security_path_chmod")
int BPF_PROG(on_chmod, const struct path *path) {
  struct dentry *dentry = BPF_CORE_READ(path, dentry);
  struct inode *inode = BPF_CORE_READ(dentry, d_inode);
  return is_virtual(inode) ? 0 : tell_file(CHANGE, inode, dentry, BPF_CORE_READ(path, mnt));
}

SEC("?fentry/security_path_chown")
int BPF_PROG(on_chown, const struct path *path) {
  struct dentry *dentry = BPF_CORE_READ(path, dentry);
  struct inode *inode = BPF_CORE_READ(dentry, d_inode);
  return is_virtual(inode) ? 0 : tell_file(CHANGE, inode, dentry, BPF_CORE_READ(path, mnt));
}

/* The hooks above run before the act: what fails afterwards is taken back. */
static __always_inline int tell_undone(void *context, u32 kind) {
  u64 result = 0;
  bpf_get_func_ret(context, &result);
  if (!(int)result) return 0;
  struct record *record = begin(UNDONE);
  if (!record) return 0;
  *(u32 *)record->data = kind;
  emit(record, UNDONE, 4);
  return 0;
}

SEC("?fexit/vfs_rename")
int after_rename(void *context) { return tell_undone(context, RENAME); }

SEC("?fexit/vfs_unlink")
int after_unlink(void *context) { return tell_undone(context, DELETE); }

SEC("?fexit/vfs_link")
int after_link(void *context) { return tell_undone(context, LINK); }

SEC("?fentry/security_mmap_file")
int BPF_PROG(on_map, struct file *file, unsigned long protection) {
  return file && (protection & PROT_EXEC) ? tell_open_file(IMAGE, file) : 0;
}

/* ---- network */

static __always_inline void read_socket(struct socket_facts *facts, struct sock *sock) {
  __builtin_memset(facts, 0, sizeof(*facts));
  facts->family = BPF_CORE_READ(sock, __sk_common.skc_family);
  facts->local_port = BPF_CORE_READ(sock, __sk_common.skc_num);
  facts->remote_port = bpf_ntohs(BPF_CORE_READ(sock, __sk_common.skc_dport));
  facts->protocol = IPPROTO_TCP;
  if (facts->family == AF_INET6) {
    bpf_core_read(facts->local, 16, &sock->__sk_common.skc_v6_rcv_saddr);
    bpf_core_read(facts->remote, 16, &sock->__sk_common.skc_v6_daddr);
  } else {
    bpf_core_read(facts->local, 4, &sock->__sk_common.skc_rcv_saddr);
    bpf_core_read(facts->remote, 4, &sock->__sk_common.skc_daddr);
  }
}

static __always_inline int tell_socket(u32 kind, struct sock *sock, bool owns) {
  struct record *record = begin(kind);
  if (!record) return 0;
  struct socket_facts *facts = (void *)record->data;
  read_socket(facts, sock);
  if (owns) {
    u64 key = (u64)sock;
    struct owner owner = {record->head.pid, record->head.uid, record->head.start};
    bpf_map_update_elem(&socket_owners, &key, &owner, 0);
  }
  emit(record, kind, sizeof(*facts));
  return 0;
}

static __always_inline int tell_close(struct sock *sock) {
  u64 key = (u64)sock;
  struct owner *owner = bpf_map_lookup_elem(&socket_owners, &key);
  if (!owner) return 0;
  struct record *record = begin(CLOSE);
  if (!record) return 0;
  struct socket_facts *facts = (void *)record->data;
  struct tcp_sock *tcp = (void *)sock;
  read_socket(facts, sock);
  facts->error = BPF_CORE_READ(sock, sk_err);
  facts->received = BPF_CORE_READ(tcp, bytes_received);
  facts->sent = BPF_CORE_READ(tcp, bytes_acked);
  facts->owner_pid = owner->pid;
  facts->owner_start = owner->start;
  bpf_map_delete_elem(&socket_owners, &key);
  emit(record, CLOSE, sizeof(*facts));
  return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *sock, int before, int after) {
  if (BPF_CORE_READ(sock, sk_protocol) != IPPROTO_TCP) return 0;
  if (after == TCP_SYN_SENT && !has_fentry) return tell_socket(CONNECT, sock, true); /* the local port is not chosen yet */
  if (after == TCP_LISTEN) return tell_socket(LISTEN, sock, false);
  return after == TCP_CLOSE ? tell_close(sock) : 0;
}

SEC("?fentry/tcp_connect")
int BPF_PROG(on_connect, struct sock *sock) { return tell_socket(CONNECT, sock, true); }

SEC("?fexit/inet_csk_accept")
int on_accept(void *context) {
  u64 result = 0;
  bpf_get_func_ret(context, &result);
  return result ? tell_socket(ACCEPT, (void *)result, true) : 0;
}

static __always_inline struct file *file_of(int fd) {
  struct task_struct *task = (void *)bpf_get_current_task();
  struct fdtable *table = BPF_CORE_READ(task, files, fdt);
  if ((u32)fd >= BPF_CORE_READ(table, max_fds)) return 0;
  struct file **files = BPF_CORE_READ(table, fd), *file = 0;
  bpf_probe_read_kernel(&file, sizeof(file), &files[fd]);
  return file;
}

static __always_inline int tell_accepted(int fd) {
  struct file *file = file_of(fd);
  if (!file) return 0;
  struct socket *socket = BPF_CORE_READ(file, private_data);
  struct sock *sock = BPF_CORE_READ(socket, sk);
  u16 family = BPF_CORE_READ(sock, __sk_common.skc_family);
  if ((family != AF_INET && family != AF_INET6) || BPF_CORE_READ(sock, sk_protocol) != IPPROTO_TCP) return 0;
  return tell_socket(ACCEPT, sock, true);
}

/* Numbers of two words: what the kernel was asked for. */
static __always_inline int tell_words(u32 kind, u64 first, u64 second) {
  struct record *record = begin(kind);
  if (!record) return 0;
  u64 *words = (void *)record->data;
  words[0] = first;
  words[1] = second;
  emit(record, kind, 16);
  return 0;
}

static __always_inline int tell_mount(struct pt_regs *call) {
  struct record *record = begin(MOUNT);
  if (!record) return 0;
  /* three texts of at most 255 bytes: source, target, file system */
  __builtin_memset(record->data, 0, 3);
  bpf_probe_read_user_str(record->data, 256, (void *)call->di);
  bpf_probe_read_user_str(record->data + 256, 256, (void *)call->si);
  bpf_probe_read_user_str(record->data + 512, 256, (void *)call->dx);
  emit(record, MOUNT, 768);
  return 0;
}

/* Numbers of x86-64. What a hook would tell and this tells as well is left to this: it needs no trampoline. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_return, struct pt_regs *call, long result) {
  if (result < 0) return 0;
  switch (call->orig_ax) {
    case 43: case 288: /* accept, accept4 */
      return has_fentry ? 0 : tell_accepted(result);
    case 101: /* ptrace: attach, seize */
      return call->di == 16 || call->di == 0x4206 ? tell_words(PTRACE, call->di, call->si) : 0;
    case 105: case 113: case 117: /* setuid, setreuid, setresuid */
      return tell_words(SET_USER, call->orig_ax, call->di);
    case 165: /* mount */
      return tell_mount(call);
    case 321: /* bpf: load a program */
      return call->di == 5 ? tell_words(BPF_LOAD, call->di, result) : 0;
  }
  return 0;
}

SEC("?tp_btf/module_load")
int BPF_PROG(on_module, struct module *module) {
  struct record *record = begin(MODULE);
  if (!record) return 0;
  bpf_probe_read_kernel_str(record->data, 64, module->name);
  emit(record, MODULE, 64);
  return 0;
}

/* ---- datagrams and DNS */

static __always_inline int tell_datagram(struct bpf_sock_addr *call, bool is_v6) {
  if (call->protocol != IPPROTO_UDP) return 1;
  struct record *record = begin(DATAGRAM);
  if (!record) return 1;
  struct socket_facts *facts = (void *)record->data;
  __builtin_memset(facts, 0, sizeof(*facts));
  facts->protocol = IPPROTO_UDP;
  facts->family = is_v6 ? AF_INET6 : AF_INET;
  facts->remote_port = bpf_ntohs(call->user_port);
  u32 *remote = (void *)facts->remote;
  if (is_v6) {
    remote[0] = call->user_ip6[0];
    remote[1] = call->user_ip6[1];
    remote[2] = call->user_ip6[2];
    remote[3] = call->user_ip6[3];
  } else {
    remote[0] = call->user_ip4;
  }
  u64 cookie = bpf_get_socket_cookie(call);
  struct owner owner = {record->head.pid, record->head.uid, record->head.start};
  bpf_map_update_elem(&cookie_owners, &cookie, &owner, 0);
  struct peer peer = {};
  peer.pid = record->head.pid;
  peer.family = facts->family;
  peer.port = facts->remote_port;
  __builtin_memcpy(peer.address, facts->remote, 16);
  u64 now = record->head.at, *last = bpf_map_lookup_elem(&peers, &peer);
  if (last && now - *last < 60 * SECOND) return 1;
  bpf_map_update_elem(&peers, &peer, &now, 0);
  emit(record, DATAGRAM, sizeof(*facts));
  return 1;
}

SEC("cgroup/sendmsg4")
int on_send4(struct bpf_sock_addr *call) { return tell_datagram(call, false); }

SEC("cgroup/sendmsg6")
int on_send6(struct bpf_sock_addr *call) { return tell_datagram(call, true); }

SEC("cgroup/connect4")
int on_connect4(struct bpf_sock_addr *call) { return tell_datagram(call, false); }

SEC("cgroup/connect6")
int on_connect6(struct bpf_sock_addr *call) { return tell_datagram(call, true); }

#define DNS_BYTES 2047

static __always_inline int tell_dns(struct __sk_buff *packet, u32 kind) {
  u8 ip[40];
  if (bpf_skb_load_bytes(packet, 0, ip, 20)) return 1;
  u32 transport;
  bool is_v4 = ip[0] >> 4 == 4;
  if (is_v4) {
    if (ip[9] != IPPROTO_UDP) return 1;
    transport = (ip[0] & 15) * 4;
  } else {
    if (ip[0] >> 4 != 6 || ip[6] != IPPROTO_UDP || bpf_skb_load_bytes(packet, 0, ip, 40)) return 1;
    transport = 40;
  }
  u16 ports[2];
  if (bpf_skb_load_bytes(packet, transport, ports, 4)) return 1;
  u16 source = bpf_ntohs(ports[0]), target = bpf_ntohs(ports[1]);
  u16 remote_port = kind == DNS_ANSWER ? source : target;
  if (remote_port != 53 && remote_port != 5353 && remote_port != 5355) return 1;
  struct record *record = blank(kind);
  if (!record) return 1;
  struct socket_facts *facts = (void *)record->data;
  __builtin_memset(facts, 0, sizeof(*facts));
  facts->protocol = IPPROTO_UDP;
  facts->family = is_v4 ? AF_INET : AF_INET6;
  facts->remote_port = remote_port;
  facts->local_port = kind == DNS_ANSWER ? target : source;
  u8 *from = kind == DNS_ANSWER ? facts->remote : facts->local, *to = kind == DNS_ANSWER ? facts->local : facts->remote;
  if (is_v4) {
    __builtin_memcpy(from, ip + 12, 4);
    __builtin_memcpy(to, ip + 16, 4);
  } else {
    __builtin_memcpy(from, ip + 8, 16);
    __builtin_memcpy(to, ip + 24, 16);
  }
  u64 cookie = bpf_get_socket_cookie(packet);
  struct owner *owner = bpf_map_lookup_elem(&cookie_owners, &cookie);
  if (owner) {
    record->head.pid = owner->pid;
    record->head.uid = owner->uid;
    record->head.start = owner->start;
  }
  u32 offset = transport + 8, length = packet->len;
  if (length <= offset) return 1;
  length -= offset + 1; /* at least one byte, said so that old verifiers see it */
  if (length > DNS_BYTES - 1) length = DNS_BYTES - 1;
  asm volatile("" : "+r"(length));
  length = (length & DNS_BYTES) + 1;
  if (bpf_skb_load_bytes(packet, offset, record->data + sizeof(*facts), length)) return 1;
  emit(record, kind, sizeof(*facts) + length);
  return 1;
}

SEC("cgroup_skb/egress")
int on_egress(struct __sk_buff *packet) { return tell_dns(packet, DNS_QUERY); }

SEC("cgroup_skb/ingress")
int on_ingress(struct __sk_buff *packet) { return tell_dns(packet, DNS_ANSWER); }
