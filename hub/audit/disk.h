#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::audit {

/// The disk calls the log depends on, so that tests can fail each of them in turn. The default does the real thing.
/// Used by the writer thread only.
class Disk {
public:
    virtual ~Disk() = default;
    virtual core::Status write(int fd, std::string_view bytes);
    /// fdatasync
    virtual core::Status sync(int fd);
    virtual core::Status truncate(int fd, std::uint64_t size);
    /// Bytes an ordinary user may still write.
    virtual core::Result<std::uint64_t> freeBytes(const std::string& directory);
};

}  // namespace yimen::audit
