#include "sync/formats/document_text.h"

#include <algorithm>

#include "core/bytes.h"
#include "sync/formats/record_reader.h"
#include "sync/formats/text_decoder.h"

namespace yimen::sync {

core::Result<std::string> documentText(std::string_view document, std::string_view bytes,
                                       std::optional<Charset> charset, std::optional<Charset> declared) {
    constexpr std::size_t kHead = 64 * std::size_t{1024};
    // A structured document has no bytes to spare: it is looked at as a whole when the head leaves a doubt.
    const bool ascii =
        std::none_of(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kHead, bytes.size())),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    const DetectedCharset found = detectCharset(ascii ? bytes : bytes.substr(0, kHead), declared);
    const Charset real = charset && found.markBytes == 0 ? *charset : found.charset;
    const std::string_view text = bytes.substr(found.markBytes);
    TextDecoder decoder(real);
    std::string out(TextDecoder::roomFor(text.size()), '\0');
    std::vector<DecodeFault> faults;
    out.resize(decoder.decode(text, true, out.data(), faults));
    if (faults.empty()) return out;
    const auto before = text.substr(0, faults.front().inputByte);
    const auto line = static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    return documentError(document, line,
                         "byte 0x" + core::toHex({&faults.front().byte, 1}) + " at byte " +
                             std::to_string(faults.front().inputByte + found.markBytes) + " is not text in " +
                             std::string(toString(real)) +
                             ": check `charset` in data.yaml or fetch the document again");
}

}  // namespace yimen::sync
