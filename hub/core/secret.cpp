#include "core/secret.h"

#include <cstring>

namespace yimen::core {

void wipeText(std::string& text) noexcept {
    // resize up to capacity stays in place, so bytes left behind by an earlier, longer value are covered too.
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
}

Secret& Secret::operator=(const Secret& other) {
    if (this != &other) {
        wipe();
        text_ = other.text_;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

void Secret::wipe() noexcept {
    wipeText(text_);
}

}  // namespace yimen::core
