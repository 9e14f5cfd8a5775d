#pragma once

#include <array>
#include <span>
#include <vector>

#include "adapter/views.h"
#include "net/head.h"

namespace yimen::gateway {

/// Views of a head's fields for the adapter: on the stack for heads as they usually are.
class HeaderViews {
public:
    explicit HeaderViews(std::span<const net::Field> fields) : count_(fields.size()) {
        // Clearing room for many would cost each request more than looking at its few.
        if (count_ > few_.size()) many_.resize(count_);
        adapter::HeaderRef* at = many_.empty() ? few_.data() : many_.data();
        for (const auto& field : fields) *at++ = {field.name, field.value};
    }
    adapter::HeaderRefs refs() const noexcept { return {many_.empty() ? few_.data() : many_.data(), count_}; }

private:
    std::array<adapter::HeaderRef, 12> few_;
    std::vector<adapter::HeaderRef> many_;
    std::size_t count_;
};

}  // namespace yimen::gateway
