#include "support/repository.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace yimen::test {
namespace {

namespace fs = std::filesystem;

std::string find() {
    if (const char* told = std::getenv("YIMEN_REPOSITORY"); told != nullptr && *told != '\0') return told;
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    for (fs::path folder = program.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::exists(folder / "CMakePresets.json", error) && fs::is_directory(folder / "hub", error)) return folder;
    }
    std::fprintf(stderr, "%s stands in no repository: set YIMEN_REPOSITORY to its root\n", program.c_str());
    std::abort();
}

}  // namespace

const std::string& repository() {
    static const std::string found = find();
    return found;
}

}  // namespace yimen::test
