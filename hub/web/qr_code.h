#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace yimen::web {

/// A QR code as one SVG path: `size` modules wide and high, one unit each, without the quiet zone.
struct QrCode {
    int size = 0;
    core::Secret path;  ///< only M, h, v, z and whole numbers; as secret as the text
};

/// ISO/IEC 18004, error correction M, the smallest version that fits. kTooLarge when none does. Any thread.
core::Result<QrCode> qrCodeOf(const core::Secret& text);

}  // namespace yimen::web
