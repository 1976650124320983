// SPDX-License-Identifier: Apache-2.0
// Loads the recorder's object, pins its maps and links below a folder of bpffs, and ends: the kernel goes on recording
// without any process. Usage: loader OBJECT FOLDER RING_BYTES. Prints one line for each program: "on NAME" or "off NAME WHY".
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_PROGRAMS 64

struct program_state {
  const char *name;
  bool is_off;
};
static struct program_state states[MOST_PROGRAMS];
static int state_count;
static char refused[128];

/* libbpf names the program that the verifier or the kernel refused only in what it prints. */
static int listen_to_libbpf(enum libbpf_print_level level, const char *format, va_list values) {
  char line[512];
  vsnprintf(line, sizeof(line), format, values);
  const char *start = strstr(line, "prog '");
  const char *end = start ? strchr(start + 6, '\'') : NULL;
  if (end && strstr(end, "failed to load") && end - start - 6 < (long)sizeof(refused)) {
    memcpy(refused, start + 6, end - start - 6);
    refused[end - start - 6] = 0;
  }
  if (getenv("TOCSIN_BPF_LOG")) fprintf(stderr, "%s", line);
  return 0;
}

static struct program_state *state_of(const char *name) {
  for (int at = 0; at < state_count; at++)
    if (!strcmp(states[at].name, name)) return &states[at];
  if (state_count == MOST_PROGRAMS) exit(5);
  states[state_count].name = strdup(name);
  return &states[state_count++];
}

static bool is_trampoline(struct bpf_program *program) {
  const char *section = bpf_program__section_name(program);
  section += *section == '?';
  return !strncmp(section, "fentry", 6) || !strncmp(section, "fexit", 5);
}

static bool has_trampolines(struct bpf_object *object) {
  struct bpf_program *program;
  bpf_object__for_each_program(program, object)
    if (is_trampoline(program) && !state_of(bpf_program__name(program))->is_off) return true;
  return false;
}

static void turn_off_trampolines(struct bpf_object *object) {
  struct bpf_program *program;
  bpf_object__for_each_program(program, object)
    if (is_trampoline(program)) state_of(bpf_program__name(program))->is_off = true;
}

static void tell_tier(struct bpf_object *object, unsigned tier) {
  struct bpf_map *map;
  bpf_object__for_each_map(map, object) {
    const char *name = bpf_map__name(map);
    size_t size = 0;
    unsigned *values = strstr(name, ".rodata") ? (unsigned *)bpf_map__initial_value(map, &size) : NULL;
    if (values && size >= sizeof(*values)) values[0] = tier;
  }
}

/* Opens and loads; what the kernel refuses is turned off, all trampolines together, and tried again. */
static struct bpf_object *load(const char *path, unsigned ring_bytes) {
  for (int attempt = 0; attempt < MOST_PROGRAMS; attempt++) {
    struct bpf_object *object = bpf_object__open_file(path, NULL);
    if (!object) {
      fprintf(stderr, "open: %s\n", strerror(errno));
      return NULL;
    }
    struct bpf_program *program;
    bpf_object__for_each_program(program, object)
      bpf_program__set_autoload(program, !state_of(bpf_program__name(program))->is_off);
    tell_tier(object, has_trampolines(object));
    bpf_map__set_max_entries(bpf_object__find_map_by_name(object, "ring"), ring_bytes);
    refused[0] = 0;
    if (!bpf_object__load(object)) return object;
    int error = errno;
    if (!refused[0]) {
      fprintf(stderr, "load: %s\n", strerror(error));
      return NULL;
    }
    program = bpf_object__find_program_by_name(object, refused);
    if (program && is_trampoline(program)) turn_off_trampolines(object);
    else state_of(refused)->is_off = true;
    printf("off %s %s\n", refused, strerror(error));
    bpf_object__close(object);
  }
  return NULL;
}

static int open_cgroup_root(void) {
  static const char *places[] = {"/sys/fs/cgroup/cgroup.controllers", "/sys/fs/cgroup/unified/cgroup.controllers"};
  static const char *roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
  for (int at = 0; at < 2; at++)
    if (!access(places[at], F_OK)) return open(roots[at], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return -1;
}

/* Several programs share the hooks of a control group: ours stand beside those of others. */
static struct bpf_link *attach(struct bpf_program *program, int cgroup) {
  const char *section = bpf_program__section_name(program);
  section += *section == '?';
  if (strncmp(section, "cgroup", 6)) return bpf_program__attach(program);
  return cgroup < 0 ? NULL : bpf_program__attach_cgroup(program, cgroup);
}

static int pin_map(struct bpf_object *object, const char *name, const char *folder) {
  char path[512];
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  return bpf_map__pin(bpf_object__find_map_by_name(object, name), path);
}

static void note_reader(struct bpf_object *object) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  unsigned long long at = now.tv_sec * 1000000000ULL + now.tv_nsec;
  unsigned zero = 0;
  bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "reader"), &zero, &at, BPF_ANY);
}

static struct bpf_link *links[MOST_PROGRAMS];

/* False if a trampoline is not let in: some kernels load its program all the same. */
static bool attach_all(struct bpf_object *object, int cgroup) {
  struct bpf_program *program;
  int at = 0;
  bpf_object__for_each_program(program, object) {
    links[at++] = NULL;
    if (!bpf_program__autoload(program)) continue;
    links[at - 1] = attach(program, cgroup);
    if (links[at - 1]) continue;
    printf("off %s %s\n", bpf_program__name(program), strerror(errno));
    if (is_trampoline(program)) return false;
  }
  return true;
}

static void detach_all(void) {
  for (int at = 0; at < MOST_PROGRAMS; at++) {
    bpf_link__destroy(links[at]);
    links[at] = NULL;
  }
}

static bool pin_links(struct bpf_object *object, const char *folder) {
  struct bpf_program *program;
  int at = 0;
  bpf_object__for_each_program(program, object) {
    struct bpf_link *link = links[at++];
    char path[512];
    snprintf(path, sizeof(path), "%s/link_%s", folder, bpf_program__name(program));
    if (link && bpf_link__pin(link, path)) return false;
    if (link) printf("on %s\n", bpf_program__name(program));
  }
  return true;
}

int main(int count, char **words) {
  if (count != 4) return 64;
  const char *folder = words[2];
  libbpf_set_print(listen_to_libbpf);
  libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
  int cgroup = open_cgroup_root();
  struct bpf_object *object;
  while ((object = load(words[1], strtoul(words[3], NULL, 10))) && !attach_all(object, cgroup)) {
    detach_all();
    turn_off_trampolines(object);
    bpf_object__close(object);
  }
  if (!object) return 2;
  note_reader(object);
  if (pin_map(object, "ring", folder) || pin_map(object, "counts", folder) || pin_map(object, "reader", folder) ||
      !pin_links(object, folder)) {
    fprintf(stderr, "pin: %s\n", strerror(errno));
    return 3;
  }
  return 0;
}
