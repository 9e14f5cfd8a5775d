#include "sync/formats/byte_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace yimen::sync {

core::Result<std::size_t> MemoryBytes::read(std::span<char> room) {
    const std::size_t count = std::min(room.size(), left_.size());
    if (count > 0) std::memcpy(room.data(), left_.data(), count);
    left_.remove_prefix(count);
    return count;
}

core::Result<FileBytes> FileBytes::open(const std::string& path) {
    core::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid()) return core::fileError("open", path, errno);
    return FileBytes(std::move(file), path);
}

core::Result<std::size_t> FileBytes::read(std::span<char> room) {
    while (true) {
        const ssize_t count = ::read(file_.get(), room.data(), room.size());
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR) return core::fileError("read", path_, errno);
    }
}

core::Result<std::string> readAllBytes(ByteSource& bytes, std::size_t limit) {
    constexpr std::size_t kPiece = 256 * std::size_t{1024};
    std::string all;
    while (true) {
        const std::size_t before = all.size();
        all.resize(before + kPiece);
        YIMEN_TRY(const std::size_t count, bytes.read({all.data() + before, kPiece}));
        all.resize(before + count);
        if (count == 0) return all;
        if (all.size() > limit) {
            return core::makeError(core::ErrorCode::kTooLarge, "the document has more than " + std::to_string(limit) +
                                                                   " bytes (limit max_document)");
        }
    }
}

}  // namespace yimen::sync
