#include "http/language.h"

#include <algorithm>

#include "core/ascii.h"

namespace yimen::http {
namespace {

/// q of RFC 9110 section 12.4.2 in thousandths; 0 for what is not a q.
int qualityOf(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
    int value = (text[0] - '0') * 1000;
    int scale = 100;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (i == 1) {
            if (text[i] != '.') return 0;
            continue;
        }
        if (!core::isDigit(text[i])) return 0;
        value += (text[i] - '0') * scale;
        scale /= 10;
    }
    return value > 1000 ? 0 : value;
}

bool isRange(std::string_view range, std::string_view primary) {
    const std::string_view head = range.substr(0, range.find('-'));
    return core::equalIgnoreCase(head, primary);
}

struct Weights {
    int zh = -1;
    int en = -1;
    int any = 0;
};

void weigh(std::string_view element, Weights& weights) {
    const std::size_t semicolon = element.find(';');
    const std::string_view range = core::trim(element.substr(0, semicolon));
    int quality = 1000;
    if (semicolon != std::string_view::npos) {
        const std::string_view parameter = core::trim(element.substr(semicolon + 1));
        quality = parameter.size() > 2 && (parameter[0] == 'q' || parameter[0] == 'Q') && parameter[1] == '='
                      ? qualityOf(parameter.substr(2))
                      : 0;
    }
    if (isRange(range, "zh")) weights.zh = std::max(weights.zh, quality);
    if (isRange(range, "en")) weights.en = std::max(weights.en, quality);
    if (range == "*") weights.any = quality;
}

}  // namespace

std::string_view languageTag(Language language) noexcept {
    return language == Language::kZh ? "zh-CN" : "en";
}

Language negotiateLanguage(std::string_view acceptLanguage, std::string_view preferred) {
    if (preferred == "zh-CN") return Language::kZh;
    if (preferred == "en") return Language::kEn;
    Weights weights;
    while (!acceptLanguage.empty()) {
        const std::size_t comma = acceptLanguage.find(',');
        weigh(acceptLanguage.substr(0, comma), weights);
        acceptLanguage = comma == std::string_view::npos ? std::string_view() : acceptLanguage.substr(comma + 1);
    }
    const int zh = weights.zh >= 0 ? weights.zh : weights.any;
    const int en = weights.en >= 0 ? weights.en : weights.any;
    return en > zh ? Language::kEn : Language::kZh;
}

}  // namespace yimen::http
