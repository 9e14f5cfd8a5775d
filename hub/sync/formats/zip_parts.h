#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"

namespace yimen::sync {

/// The parts of a zip file in memory, unpacked one by one within a budget of bytes for all of them: a bomb is refused
/// while it grows, whatever sizes it declares. One thread; the bytes must outlive it.
class ZipParts {
public:
    static constexpr std::int64_t kMaxParts = 10'000;

    static core::Result<ZipParts> open(std::string_view bytes, std::string document, std::size_t budget);
    ZipParts(ZipParts&&) noexcept;
    ~ZipParts();

    bool has(const std::string& name) const;
    /// kUpstream when it is not there or damaged (checksums are compared), kTooLarge above the budget.
    core::Result<std::string> part(const std::string& name);

private:
    struct Inner;
    explicit ZipParts(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

}  // namespace yimen::sync
