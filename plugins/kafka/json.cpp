#include "json.h"

#include <charconv>

namespace yimen::kafka {

namespace {

unsigned unitOf(std::string_view digits) {
    unsigned code = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 4 || read.ptr != digits.data() + 4) throw BadJson("\\u needs four hexadecimal digits");
    return code;
}

void appendUtf8(std::string& out, unsigned code) {
    const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80U | ((code >> shift) & 0x3FU))); };
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
        out.push_back(static_cast<char>(0xC0U | (code >> 6U)));
        tail(0);
    } else if (code < 0x10000) {
        out.push_back(static_cast<char>(0xE0U | (code >> 12U)));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xF0U | (code >> 18U)));
        tail(12);
        tail(6);
        tail(0);
    }
}

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}

}  // namespace

void JsonScanner::fail(const char* why) const {
    throw BadJson(std::string(why) + " at byte " + std::to_string(at_ + 1));
}

char JsonScanner::peek() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonScanner::take(char wanted) {
    if (peek() != wanted || at_ >= text_.size()) return false;
    ++at_;
    return true;
}

void JsonScanner::expect(char wanted) {
    const char why[] = {'\'', wanted, '\'', ' ', 'i', 's', ' ', 'm', 'i', 's', 's', 'i', 'n', 'g', '\0'};
    if (!take(wanted)) fail(why);
}

std::string_view JsonScanner::value() {
    (void)peek();
    const std::size_t begin = at_;
    skip(0);
    return text_.substr(begin, at_ - begin);
}

void JsonScanner::members(const std::function<void(const std::string&, std::string_view)>& each) {
    expect('{');
    if (take('}')) return;
    do {
        if (peek() != '"') fail("a name in quotes is missing");
        const std::string name = jsonUnescape(value());
        expect(':');
        each(name, value());
    } while (take(','));
    expect('}');
}

void JsonScanner::elements(const std::function<void(std::string_view)>& each) {
    expect('[');
    if (take(']')) return;
    do each(value());
    while (take(','));
    expect(']');
}

void JsonScanner::finish() {
    if (peek() != '\0' || at_ < text_.size()) fail("more than one value");
}

void JsonScanner::skip(int depth) {
    if (depth > kMaxDepth) fail("nested too deep");
    const char first = peek();
    if (first == '"') return skipString();
    if (first == '-' || isDigit(first)) return skipNumber();
    if (first == 't') return word("true");
    if (first == 'f') return word("false");
    if (first == 'n') return word("null");
    if (first != '{' && first != '[') fail("no value");
    const char last = first == '{' ? '}' : ']';
    ++at_;
    if (take(last)) return;
    do {
        if (first == '{') {
            if (peek() != '"') fail("a name in quotes is missing");
            skipString();
            expect(':');
        }
        skip(depth + 1);
    } while (take(','));
    expect(last);
}

void JsonScanner::skipString() {
    const std::size_t begin = at_++;
    bool escaped = false;
    while (at_ < text_.size() && text_[at_] != '"') {
        if (static_cast<unsigned char>(text_[at_]) < 0x20) fail("a control character in a text");
        escaped = escaped || text_[at_] == '\\';
        at_ += text_[at_] == '\\' ? 2U : 1U;
    }
    if (at_ >= text_.size()) fail("a text without an end");
    ++at_;
    if (escaped) (void)jsonUnescape(text_.substr(begin, at_ - begin));
}

void JsonScanner::digits() {
    if (at_ >= text_.size() || !isDigit(text_[at_])) fail("a digit is missing");
    while (at_ < text_.size() && isDigit(text_[at_])) ++at_;
}

void JsonScanner::skipNumber() {
    if (text_[at_] == '-') ++at_;
    if (at_ < text_.size() && text_[at_] == '0') {
        ++at_;
    } else {
        digits();
    }
    if (at_ < text_.size() && text_[at_] == '.') {
        ++at_;
        digits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
        ++at_;
        if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
        digits();
    }
}

void JsonScanner::word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) fail("no value");
    at_ += expected.size();
}

std::string jsonUnescape(std::string_view written) {
    static constexpr std::string_view kFrom = "\"\\/bfnrt";
    static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    const std::string_view inner = written.substr(1, written.size() - 2);
    std::string out;
    out.reserve(inner.size());
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (inner[i] != '\\') {
            out.push_back(inner[i]);
            continue;
        }
        const char c = ++i < inner.size() ? inner[i] : '\0';
        if (c != 'u') {
            const std::size_t at = kFrom.find(c);
            if (at == std::string_view::npos) throw BadJson("an unknown escape in a text");
            out.push_back(kTo[at]);
            continue;
        }
        unsigned code = unitOf(inner.substr(i + 1, 4));
        i += 4;
        if (code >= 0xD800 && code < 0xE000) {
            const bool pair = code < 0xDC00 && inner.substr(i + 1, 2) == "\\u";
            const unsigned low = pair ? unitOf(inner.substr(i + 3, 4)) : 0;
            if (low < 0xDC00 || low >= 0xE000) throw BadJson("half of a surrogate pair");
            code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
            i += 6;
        }
        appendUtf8(out, code);
    }
    return out;
}

}  // namespace yimen::kafka
