#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/file.h"
#include "core/result.h"

namespace yimen::sync {

/// Bytes of a file or an answer, in pieces, once from beginning to end. One thread; read() may block.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Bytes put into `room` (not empty); 0 at the end and ever after.
    virtual core::Result<std::size_t> read(std::span<char> room) = 0;
};

/// A text that outlives this.
class MemoryBytes final : public ByteSource {
public:
    explicit MemoryBytes(std::string_view bytes) : left_(bytes) {}
    core::Result<std::size_t> read(std::span<char> room) override;

private:
    std::string_view left_;
};

/// An open regular file.
class FileBytes final : public ByteSource {
public:
    static core::Result<FileBytes> open(const std::string& path);
    /// `path` is for messages.
    FileBytes(core::FileDescriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
    core::Result<std::size_t> read(std::span<char> room) override;

private:
    core::FileDescriptor file_;
    std::string path_;
};

/// Everything that is left, for formats that need a document as a whole. kTooLarge above `limit`.
core::Result<std::string> readAllBytes(ByteSource& bytes, std::size_t limit);

}  // namespace yimen::sync
