#include "sync/mapping/code_table.h"

#include <algorithm>
#include <limits>
#include <map>

#include "sync/mapping/dates.h"

namespace yimen::sync::mapping {

namespace {

/// FNV-1a with a final mix: the codes are short.
std::size_t hashOf(std::string_view text) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return hash ^ (hash >> 32U);
}

std::vector<std::pair<std::string, std::string>> readEntries(const config::YamlNode& node, config::YamlErrors& errors) {
    std::vector<std::pair<std::string, std::string>> out;
    if (!node.isMap()) {
        errors.add(node.error("code: meaning pairs are expected here, like {\"1\": open, \"2\": closed}"));
        return out;
    }
    for (const auto& [code, meaning] : node.entries()) {
        auto text = meaning.text();
        if (text.ok()) {
            out.emplace_back(code, std::move(text).value());
        } else {
            errors.add(text.error());
        }
    }
    return out;
}

CodeTableSpec::Version readVersion(const config::YamlNode& node, config::YamlErrors& errors) {
    CodeTableSpec::Version out;
    config::MapReader reader(node, errors);
    const auto from = DateFormat::iso().parse(reader.requireText("from"));
    if (!from) {
        reader.complain("from", "the day this version begins is expected here, like 2026-01-01");
    } else {
        out.fromDay = dayNumber(from->year, from->month, from->day);
    }
    if (const auto values = reader.require("values")) out.entries = readEntries(*values, errors);
    reader.finish();
    return out;
}

}  // namespace

CodeTable::CodeTable(const std::vector<std::pair<std::string, std::string>>& entries) : entries_(entries.size()) {
    std::size_t bytes = 1;
    std::size_t slots = 8;
    for (const auto& [code, meaning] : entries) bytes += code.size() + meaning.size();
    while (slots < entries.size() * 2) slots *= 2;
    constexpr std::size_t kOnHeap = 64;        // so that moving the table moves no text
    texts_.reserve(std::max(bytes, kOnHeap));  // views into it are taken below
    slots_.resize(slots);
    texts_ += '\0';  // an empty text is a view too
    const auto keep = [this](const std::string& text) {
        const std::size_t at = texts_.size();
        texts_ += text;
        return std::string_view(text.empty() ? texts_.data() : texts_.data() + at, text.size());
    };
    for (const auto& [code, meaning] : entries) {
        std::size_t at = hashOf(code) & (slots - 1);
        while (!isNullCell(slots_[at].code) && slots_[at].code != code) at = (at + 1) & (slots - 1);
        slots_[at] = {keep(code), keep(meaning)};
    }
}

CellText CodeTable::find(std::string_view code) const noexcept {
    for (std::size_t at = hashOf(code) & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
        if (isNullCell(slots_[at].code)) return kNullCell;
        if (slots_[at].code == code) return slots_[at].meaning;
    }
}

std::vector<std::pair<std::string, std::string>> CodeTableSpec::on(std::int64_t day) const {
    std::map<std::string, std::string> merged;
    for (const Version& version : versions) {
        if (version.fromDay > day) break;
        for (const auto& [code, meaning] : version.entries) merged[code] = meaning;
    }
    return {merged.begin(), merged.end()};
}

std::vector<CodeTableSpec> readCodeTables(const config::YamlNode& codes, config::YamlErrors& errors) {
    std::vector<CodeTableSpec> out;
    if (!codes.isMap() && !codes.isNull()) errors.add(codes.error("code tables by name are expected here"));
    for (const auto& [name, node] : codes.entries()) {
        CodeTableSpec& table = out.emplace_back();
        table.name = name;
        if (!node.isList()) {
            table.versions.push_back({std::numeric_limits<std::int64_t>::min(), readEntries(node, errors)});
            continue;
        }
        for (std::size_t i = 0; i < node.size(); ++i) table.versions.push_back(readVersion(node.at(i), errors));
        std::sort(table.versions.begin(), table.versions.end(),
                  [](const auto& a, const auto& b) { return a.fromDay < b.fromDay; });
    }
    return out;
}

}  // namespace yimen::sync::mapping
