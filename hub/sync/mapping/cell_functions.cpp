#include "sync/mapping/cell_functions.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sync/formats/utf8.h"
#include "sync/mapping/identifiers.h"
#include "sync/mapping/masks.h"
#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

using Cells = std::span<const CellText>;
using Made = core::Result<CellFunction>;

core::Error wrong(std::string_view what) {
    return core::makeError(core::ErrorCode::kInvalidInput, std::string(what));
}

/// A function of one cell without literals.
template <CellText (*F)(std::string_view, TextArena&)>
Made plain(Cells, const StepContext&) {
    return CellFunction{[](Cells cells, TextArena& arena) { return F(cells[0], arena); }, {}};
}
template <CellText (*F)(std::string_view, TextArena&)>
Made checked(Cells, const StepContext&) {
    return CellFunction{[](Cells cells, TextArena& arena) { return F(cells[0], arena); }, "check", true};
}

CellText trimCell(std::string_view text, TextArena&) {
    const CellText made = trimmed(text);
    return made.empty() ? kEmptyCell : made;
}

template <char First, char Last, int Shift>
CellText shiftCase(std::string_view text, TextArena& arena) {
    if (text.empty()) return text;
    char* out = arena.room(text.size());
    std::transform(text.begin(), text.end(), out,
                   [](char c) { return c >= First && c <= Last ? static_cast<char>(c + Shift) : c; });
    return arena.commit(text.size());
}

CellText canonicalBooleanCell(std::string_view text, TextArena&) {
    return canonicalBoolean(trimmed(text));
}

CellText divisionCell(std::string_view text, TextArena& arena) {
    return canonicalDivision(text, arena);
}

template <bool WithTime>
Made makeDate(Cells literals, const StepContext&) {
    DateRule rule;
    rule.withTime = WithTime;
    for (const CellText literal : literals) {
        YIMEN_TRY(auto format, DateFormat::compile(literal));
        rule.formats.push_back(std::move(format));
    }
    if (rule.formats.empty()) rule.formats.push_back(DateFormat::iso());
    return CellFunction{[rule = std::move(rule)](Cells cells, TextArena& arena) {
                            return canonicalDate(halfWidth(trimmed(cells[0]), arena), rule, arena);
                        },
                        "date", true};
}

template <NumberText (*F)(std::string_view, const Scale&, TextArena&)>
Made makeNumber(Cells literals, const StepContext&) {
    Scale scale;
    if (!literals.empty()) {
        const auto given = Scale::parse(literals[0]);
        if (!given) return wrong("the factor is a number other than 0");
        scale = *given;
    }
    return CellFunction{
        [scale](Cells cells, TextArena& arena) { return F(halfWidth(trimmed(cells[0]), arena), scale, arena).text; },
        "type", true};
}

Made makeCode(Cells literals, const StepContext& context) {
    if (literals.empty()) return wrong("code(cell, table): name a table");
    const CodeTable* table = context.table(std::string(literals[0]));
    if (table == nullptr) return wrong("codes has no table '" + std::string(literals[0]) + "'");
    return CellFunction{[table](Cells cells, TextArena&) { return table->find(trimmed(cells[0])); }, "code_table",
                        true};
}

Made makeHash(Cells, const StepContext& context) {
    if (!context.keyedHash) return wrong("hash needs the hub's key, which is not here");
    return CellFunction{
        [&hash = context.keyedHash](Cells cells, TextArena& arena) { return arena.copy(hash(cells[0])); }, {}};
}

Made makeNull(Cells literals, const StepContext&) {
    std::vector<std::string> texts(literals.begin(), literals.end());
    return CellFunction{[texts = std::move(texts)](Cells cells, TextArena&) {
                            return std::find(texts.begin(), texts.end(), cells[0]) != texts.end() ? kNullCell
                                                                                                  : cells[0];
                        },
                        {}};
}

Made makeDefault(Cells literals, const StepContext&) {
    if (literals.empty()) return wrong("default(cell, text): the text is missing");
    return CellFunction{[text = std::string(literals[0])](Cells cells, TextArena& arena) {
                            return cells[0].empty() ? arena.copy(text) : cells[0];
                        },
                        {},
                        false,
                        true};
}

Made makeFirst(Cells, const StepContext&) {
    return CellFunction{[](Cells cells, TextArena&) {
                            const auto found =
                                std::find_if(cells.begin(), cells.end(), [](CellText c) { return !c.empty(); });
                            return found == cells.end() ? kNullCell : *found;
                        },
                        {},
                        false,
                        true};
}

CellText joinCells(Cells cells, std::string_view by, TextArena& arena) {
    std::size_t size = 1;
    for (const CellText cell : cells) size += cell.size() + by.size();
    char* out = arena.room(size);
    std::size_t used = 0;
    bool any = false;
    for (const CellText cell : cells) {
        if (isNullCell(cell)) continue;
        if (any) used += by.copy(out + used, by.size());
        used += cell.copy(out + used, cell.size());
        any = true;
    }
    return any ? arena.commit(used) : kNullCell;
}

Made makeJoin(Cells literals, const StepContext&) {
    if (literals.empty()) return wrong("join(between, cell, ...): say what stands between");
    return CellFunction{
        [by = std::string(literals[0])](Cells cells, TextArena& arena) { return joinCells(cells, by, arena); },
        {},
        false,
        true};
}

Made makeConcat(Cells, const StepContext&) {
    return CellFunction{[](Cells cells, TextArena& arena) { return joinCells(cells, {}, arena); }, {}, false, true};
}

bool readInt(CellText text, int& out) noexcept {
    return std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc{};
}

Made makeSplit(Cells literals, const StepContext&) {
    int part = 0;
    if (literals.size() < 2 || literals[0].empty() || !readInt(literals[1], part) || part < 1) {
        return wrong("split(cell, by, part): part counts from 1");
    }
    return CellFunction{[by = std::string(literals[0]), part](Cells cells, TextArena&) {
                            CellText text = cells[0];
                            for (int i = 1; i < part; ++i) {
                                const std::size_t end = text.find(by);
                                if (end == CellText::npos) return kNullCell;
                                text.remove_prefix(end + by.size());
                            }
                            const CellText piece = text.substr(0, text.find(by));
                            return piece.empty() ? kEmptyCell : piece;
                        },
                        {}};
}

/// Byte position of the index-th character, from 0.
std::size_t atCharacter(std::string_view text, std::size_t index) noexcept {
    std::size_t at = 0;
    while (at < text.size() && index > 0) {
        at = std::min(at + characterSize(text[at]), text.size());
        --index;
    }
    return at;
}

Made makeSub(Cells literals, const StepContext&) {
    int from = 1;
    int to = -1;
    const bool good =
        !literals.empty() && readInt(literals[0], from) && (literals.size() < 2 || readInt(literals[1], to));
    if (!good || from == 0 || to == 0) return wrong("sub(cell, from, to): characters from 1, or from the end as -1");
    return CellFunction{[from, to](Cells cells, TextArena&) {
                            const CellText text = cells[0];
                            const int all = static_cast<int>(characters(text));
                            const int first = std::max(from < 0 ? all + from + 1 : from, 1);
                            const int last = std::min(to < 0 ? all + to + 1 : to, all);
                            if (first > last) return kEmptyCell;
                            const std::size_t begin = atCharacter(text, static_cast<std::size_t>(first - 1));
                            const auto rest = text.substr(begin);
                            const CellText made =
                                rest.substr(0, atCharacter(rest, static_cast<std::size_t>(last - first) + 1));
                            return made.empty() ? kEmptyCell : made;
                        },
                        {}};
}

Made makeReplace(Cells literals, const StepContext&) {
    if (literals.size() < 2 || literals[0].empty()) return wrong("replace(cell, text, by): plain texts, no pattern");
    return CellFunction{
        [what = std::string(literals[0]), by = std::string(literals[1])](Cells cells, TextArena& arena) {
            std::string out;
            CellText rest = cells[0];
            std::size_t at = rest.find(what);
            if (at == CellText::npos) return rest;
            for (; at != CellText::npos; at = rest.find(what)) {
                out.append(rest.substr(0, at)).append(by);
                rest.remove_prefix(at + what.size());
            }
            return arena.copy(out.append(rest));
        },
        {}};
}

constexpr std::array<CellFunctionKind, 26> kKinds{{{"trim", 0, 1, plain<trimCell>},
                                                   {"ascii", 0, 1, plain<halfWidth>},
                                                   {"upper", 0, 1, plain<shiftCase<'a', 'z', -32>>},
                                                   {"lower", 0, 1, plain<shiftCase<'A', 'Z', 32>>},
                                                   {"date", 0, 1, makeDate<false>},
                                                   {"datetime", 0, 1, makeDate<true>},
                                                   {"integer", 0, 1, makeNumber<canonicalInteger>},
                                                   {"decimal", 0, 1, makeNumber<canonicalDecimal>},
                                                   {"boolean", 0, 1, checked<canonicalBooleanCell>},
                                                   {"code", 0, 1, makeCode},
                                                   {"id_card", 0, 1, checked<canonicalIdCard>},
                                                   {"credit_code", 0, 1, checked<canonicalCreditCode>},
                                                   {"division", 0, 1, checked<divisionCell>},
                                                   {"phone", 0, 1, checked<canonicalPhone>},
                                                   {"mask_id", 0, 1, plain<maskIdNumber>},
                                                   {"mask_phone", 0, 1, plain<maskPhone>},
                                                   {"mask_name", 0, 1, plain<maskName>},
                                                   {"hash", 0, 1, makeHash},
                                                   {"null", 0, 1, makeNull},
                                                   {"default", 0, 1, makeDefault},
                                                   {"first", 0, 0, makeFirst},
                                                   {"join", 1, 0, makeJoin},
                                                   {"concat", 0, 0, makeConcat},
                                                   {"split", 0, 1, makeSplit},
                                                   {"sub", 0, 1, makeSub},
                                                   {"replace", 0, 1, makeReplace}}};

}  // namespace

std::span<const CellFunctionKind> cellFunctions() noexcept {
    return kKinds;
}

core::Result<const CellFunction*> CellFunctionCache::get(std::size_t kind, std::span<const CellText> literals) {
    auto& made = made_[kind];
    for (const auto& entry : made) {
        if (std::equal(literals.begin(), literals.end(), entry->literals.begin(), entry->literals.end())) {
            return &entry->function;
        }
    }
    if (made.size() == kMaxEntries) made.clear();
    for (const CellText literal : literals) {
        if (isNullCell(literal)) return wrong(std::string(cellFunctions()[kind].name) + ": an argument is nil");
        if (!validUtf8(literal) || literal.find('\0') != CellText::npos) {
            return wrong(std::string(cellFunctions()[kind].name) + ": an argument is no text in UTF-8");
        }
    }
    YIMEN_TRY(auto function, cellFunctions()[kind].make(literals, context_));
    if (function.rule == "check") function.rule = cellFunctions()[kind].name;
    made.push_back(std::make_unique<Entry>(
        Entry{std::vector<std::string>(literals.begin(), literals.end()), std::move(function)}));
    return &made.back()->function;
}

}  // namespace yimen::sync::mapping
