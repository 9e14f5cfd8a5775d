#pragma once

#include <exception>
#include <string>

#include "plugin/seam.h"

namespace yimen::plugin {

/// Takes the position that a plugin says through YimenReadState. Longer than kMaxPosition: noted, not taken. Inner part
/// of this folder.
struct TakenPosition {
    static constexpr std::size_t kMaxPosition = std::size_t{64} * 1024;

    std::string text;
    bool given = false;
    bool tooLong = false;

    YimenReadState state() noexcept { return {sizeof(YimenReadState), 0, this, take}; }

private:
    static void take(void* context, YimenText text) {
        auto* self = static_cast<TakenPosition*>(context);
        self->tooLong = text.length > kMaxPosition;
        if (self->tooLong) return;
        try {
            self->text.assign(fromPlugin(text));
            self->given = true;
        } catch (const std::exception&) {
            self->tooLong = true;  // no memory for it
        }
    }
};

}  // namespace yimen::plugin
