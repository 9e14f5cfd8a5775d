#pragma once

// The configuration that create() gets, and positions: JSON read into a flat table of texts. The host has checked it
// against the schema, so that a plugin needs no JSON library. Header only.

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yimen::sdk {

/// {"source": {"host": "db", "ports": [1, 2]}} is "source.host" = "db", "source.ports.0" = "1", "source.ports.1" = "2".
/// Null is absent. Throws std::invalid_argument for what is no JSON. Immutable; any thread.
class Config {
public:
    explicit Config(std::string_view json) : rest_(json) {
        value("");
        space();
        if (!rest_.empty()) fail();
    }

    bool has(const std::string& path) const { return values_.count(path) != 0; }
    std::string text(const std::string& path, const std::string& otherwise = {}) const {
        const auto found = values_.find(path);
        return found == values_.end() ? otherwise : found->second;
    }
    std::int64_t number(const std::string& path, std::int64_t otherwise = 0) const {
        const auto found = values_.find(path);
        return found == values_.end() ? otherwise : std::strtoll(found->second.c_str(), nullptr, 10);
    }
    bool flag(const std::string& path, bool otherwise = false) const {
        const auto found = values_.find(path);
        return found == values_.end() ? otherwise : found->second == "true";
    }
    std::vector<std::string> list(const std::string& path) const {
        std::vector<std::string> out;
        for (auto at = values_.find(path + ".0"); at != values_.end();
             at = values_.find(path + "." + std::to_string(out.size()))) {
            out.push_back(at->second);
        }
        return out;
    }

private:
    static constexpr int kMaxDepth = 32;

    [[noreturn]] static void fail() { throw std::invalid_argument("the text is no JSON"); }
    void space() {
        while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) != std::string_view::npos) {
            rest_.remove_prefix(1);
        }
    }
    bool take(char wanted) {
        space();
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void value(const std::string& path) {
        space();
        if (++depth_ > kMaxDepth || rest_.empty()) fail();
        if (take('{')) {
            members(path);
        } else if (take('[')) {
            elements(path);
        } else if (rest_.front() == '"') {
            values_[path] = string();
        } else {
            const std::string_view word = rest_.substr(0, rest_.find_first_of(",]} \t\r\n"));
            if (word.empty()) fail();
            rest_.remove_prefix(word.size());
            if (word != "null") values_[path] = std::string(word);
        }
        --depth_;
    }
    void members(const std::string& path) {
        if (take('}')) return;
        do {
            space();
            const std::string name = string();
            if (!take(':')) fail();
            value(path.empty() ? name : path + "." + name);
        } while (take(','));
        if (!take('}')) fail();
    }
    void elements(const std::string& path) {
        if (take(']')) return;
        std::size_t count = 0;
        do value(path + "." + std::to_string(count++));
        while (take(','));
        if (!take(']')) fail();
    }
    std::string string() {
        if (!take('"')) fail();
        std::string out;
        while (!rest_.empty() && rest_.front() != '"') {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '\\')
                escape(out);
            else
                out.push_back(c);
        }
        if (!take('"')) fail();
        return out;
    }
    void escape(std::string& out) {
        static constexpr std::string_view kFrom = "\"\\/bfnrt";
        static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
        if (rest_.empty()) fail();
        const char c = rest_.front();
        rest_.remove_prefix(1);
        if (c != 'u') {
            const std::size_t at = kFrom.find(c);
            if (at == std::string_view::npos) fail();
            out.push_back(kTo[at]);
            return;
        }
        unsigned code = unit();
        if (code >= 0xD800 && code < 0xDC00) {
            if (rest_.substr(0, 2) != "\\u") fail();
            rest_.remove_prefix(2);
            code = 0x10000 + ((code - 0xD800) << 10U) + (unit() - 0xDC00);
        }
        if (code < 0x80) {
            out.push_back(static_cast<char>(code));
            return;
        }
        const int tails = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        static constexpr unsigned kLead[] = {0, 0xC0, 0xE0, 0xF0};
        out.push_back(static_cast<char>(kLead[tails] | (code >> (6U * static_cast<unsigned>(tails)))));
        for (int i = tails - 1; i >= 0; --i) {
            out.push_back(static_cast<char>(0x80U | ((code >> (6U * static_cast<unsigned>(i))) & 0x3FU)));
        }
    }
    unsigned unit() {
        unsigned code = 0;
        if (rest_.size() < 4) fail();
        const auto read = std::from_chars(rest_.data(), rest_.data() + 4, code, 16);
        if (read.ptr != rest_.data() + 4) fail();
        rest_.remove_prefix(4);
        return code;
    }

    std::string_view rest_;
    int depth_ = 0;
    std::map<std::string, std::string> values_;
};

/// A JSON text, and a list of them: for positions.
inline std::string jsonText(std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 0xFU];
        } else {
            out += c;
        }
    }
    return out + '"';
}
inline std::string jsonList(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& one : texts) out += (out.size() > 1 ? "," : "") + jsonText(one);
    return out + "]";
}

}  // namespace yimen::sdk
