#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/file.h"
#include "core/result.h"

namespace yimen::sync {

struct FileEntry {
    std::string name;
    std::uint64_t size = 0;
    std::optional<core::WallTime> modified;  ///< nothing when the server does not say
};

/// A folder somewhere. Thread-safe; blocks.
class FileStore {
public:
    virtual ~FileStore() = default;
    /// Regular files, in no order.
    virtual core::Result<std::vector<FileEntry>> list() = 0;
    /// The content, complete and readable from its beginning as often as wanted. kNotFound when it has gone meanwhile.
    virtual core::Result<core::FileDescriptor> open(const std::string& name) = 0;
    /// Any thread: calls that wait for a server end within about a second, later ones at once.
    virtual void interrupt() noexcept {}
};

/// A folder of this machine. Links are not followed, names that begin with '.' are not seen.
class LocalFolder final : public FileStore {
public:
    explicit LocalFolder(std::string path) : path_(std::move(path)) {}
    core::Result<std::vector<FileEntry>> list() override;
    core::Result<core::FileDescriptor> open(const std::string& name) override;

private:
    std::string path_;
};

/// '*' any characters, '?' one (a byte); all others themselves. Any thread.
bool matchesPattern(std::string_view name, std::string_view pattern) noexcept;

}  // namespace yimen::sync
