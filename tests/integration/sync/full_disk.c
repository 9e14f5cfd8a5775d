/* Preloaded into a server of the tests: while the file that YIMEN_FULL_DISK names is there, no file under base/ grows,
 * as on a disk that is full. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef ssize_t (*Write)(int, const void*, size_t, off_t);

static int grows(int file, size_t size, off_t at) {
    const char* flag = getenv("YIMEN_FULL_DISK");
    struct stat now;
    char link[64];
    char path[4096];
    if (flag == NULL || access(flag, F_OK) != 0 || fstat(file, &now) != 0 || at + (off_t)size <= now.st_size) return 0;
    snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, sizeof(path) - 1);
    if (length < 0) return 0;
    path[length] = '\0';
    return strstr(path, "/base/") != NULL;
}

static ssize_t written(const char* name, int file, const void* bytes, size_t size, off_t at) {
    if (grows(file, size, at)) {
        errno = ENOSPC;
        return -1;
    }
    Write next;
    *(void**)&next = dlsym(RTLD_NEXT, name);
    return next(file, bytes, size, at);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    return written("pwrite", file, bytes, size, at);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off_t at) {
    return written("pwrite64", file, bytes, size, at);
}
