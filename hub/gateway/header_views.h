#pragma once

#include <array>
#include <span>

#include "adapter/views.h"
#include "net/head.h"

namespace yimen::gateway {

/// Views of a head's fields for the adapter, without an allocation. Fields beyond the 128th are not seen: net takes no
/// head with that many unless the configuration says so.
class HeaderViews {
public:
    explicit HeaderViews(std::span<const net::Field> fields) {
        for (const auto& field : fields) {
            if (count_ == views_.size()) break;
            views_[count_++] = {field.name, field.value};
        }
    }
    adapter::HeaderRefs refs() const noexcept { return {views_.data(), count_}; }

private:
    std::array<adapter::HeaderRef, 128> views_;
    std::size_t count_ = 0;
};

}  // namespace yimen::gateway
