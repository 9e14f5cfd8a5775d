#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/json.h"
#include "plugin/seam.h"
#include "plugin/text_check.h"
#include "sync/dead_letter.h"

namespace yimen::plugin {

/// Takes what a plugin says through YimenReadState: the position (longer than kMaxPosition: noted, not taken) and the
/// records that it could not take apart. Inner part of this folder.
struct TakenPosition {
    static constexpr std::size_t kMaxPosition = std::size_t{64} * 1024;
    static constexpr std::size_t kMaxRefused = 10'000;
    static constexpr std::size_t kMaxRefusedBytes = std::size_t{64} << 20U;

    std::string text;
    bool given = false;
    bool tooLong = false;
    std::vector<sync::Reject> refused;
    std::size_t refusedBytes = 0;

    YimenReadState state() noexcept { return {sizeof(YimenReadState), 0, this, take, nullptr}; }
    YimenReadState readState() noexcept { return {sizeof(YimenReadState), 0, this, take, refuse}; }

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

    /// A text of a plugin as it can be stored: what is not UTF-8 in hexadecimal digits.
    static std::string storable(YimenText text) {
        const std::string_view bytes = fromPlugin(text);
        return isUtf8(bytes) ? std::string(bytes) : "\\x" + core::toHex(core::asBytes(bytes));
    }

    static std::int32_t refuse(void* context, std::uint64_t origin, YimenText place, YimenText reason, YimenText raw) {
        auto* self = static_cast<TakenPosition*>(context);
        const std::size_t bytes = place.length + reason.length + raw.length;
        if (self->refused.size() >= kMaxRefused || bytes > kMaxRefusedBytes - self->refusedBytes)
            return YIMEN_TOO_LARGE;
        try {
            sync::Reject one;
            one.origin = origin;
            one.rule = "format";
            one.message = storable(reason) + " (" + storable(place) + ")";
            one.raw = core::writeJson({{"_place", storable(place)}, {"_raw", storable(raw)}});
            self->refused.push_back(std::move(one));
            self->refusedBytes += bytes;
            return YIMEN_OK;
        } catch (const std::exception&) {
            return YIMEN_TOO_LARGE;
        }
    }
};

}  // namespace yimen::plugin
