#include "web/qr_code.h"

#include <qrencode.h>

#include <memory>

#include "crypto/key.h"

namespace yimen::web {

namespace {

/// The modules spell the secret, so they are wiped before the memory goes back.
void release(QRcode* code) {
    const auto modules = static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width);
    crypto::wipe({code->data, modules});
    QRcode_free(code);
}

/// "M x y h n v1 h-n z" for each run of dark modules of a row.
void appendRun(std::string& path, int x, int y, int length) {
    path += 'M' + std::to_string(x) + ' ' + std::to_string(y) + 'h' + std::to_string(length) + "v1h-" +
            std::to_string(length) + 'z';
}

}  // namespace

core::Result<QrCode> qrCodeOf(const core::Secret& text) {
    std::string copy(text.reveal());  // the library wants a terminated text
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(QRcode_encodeString8bit(copy.c_str(), 0, QR_ECLEVEL_M),
                                                          release);
    core::wipeText(copy);
    if (!code) return core::makeError(core::ErrorCode::kTooLarge, "the text does not fit into a QR code");
    std::string path;
    path.reserve(static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width) * 8);
    for (int y = 0; y < code->width; ++y) {
        int begun = -1;
        for (int x = 0; x <= code->width; ++x) {
            const bool dark = x < code->width && (code->data[y * code->width + x] & 1U) != 0;
            if (dark && begun < 0) begun = x;
            if (dark || begun < 0) continue;
            appendRun(path, begun, y, x - begun);
            begun = -1;
        }
    }
    return QrCode{code->width, core::Secret(std::move(path))};
}

}  // namespace yimen::web
