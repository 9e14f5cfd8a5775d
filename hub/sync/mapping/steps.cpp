#include "sync/mapping/steps.h"

#include <algorithm>

#include "sync/formats/json_check.h"
#include "sync/mapping/identifiers.h"
#include "sync/mapping/masks.h"
#include "sync/mapping/messages.h"
#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

namespace {

/// A step made of a function of one cell that is not null: gives the new cell. Nothing is called per cell but `Cell`,
/// which the compiler sees.
template <typename Cell>
class EachCell final : public Step {
public:
    explicit EachCell(Cell cell) : cell_(std::move(cell)) {}
    void run(Block& block, std::size_t field) override {
        for (CellText& cell : block.column(field)) {
            if (!isNullCell(cell)) cell = cell_(cell, block.arena);
        }
    }

private:
    Cell cell_;
};

/// As EachCell, but a null answer refuses the row.
template <typename Cell>
class CheckCell final : public Step {
public:
    CheckCell(const FieldSpec& spec, FaultText text, Cell cell) : spec_(spec), text_(text), cell_(std::move(cell)) {}
    void run(Block& block, std::size_t field) override {
        const auto column = block.column(field);
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (isNullCell(column[row])) continue;
            const CellText made = cell_(column[row], block.arena);
            if (isNullCell(made))
                block.reject(row, spec_.field.name, text_.rule, faultMessage(spec_, text_, column[row]));
            column[row] = made;
        }
    }

private:
    const FieldSpec& spec_;
    FaultText text_;
    Cell cell_;
};

template <typename Cell>
void addEach(Steps& steps, Cell cell) {
    steps.push_back(std::make_unique<EachCell<Cell>>(std::move(cell)));
}
template <typename Cell>
void addCheck(Steps& steps, const FieldSpec& spec, const FaultText& text, Cell cell) {
    steps.push_back(std::make_unique<CheckCell<Cell>>(spec, text, std::move(cell)));
}

/// Numbers tell apart why a text is none.
class NumberStep final : public Step {
public:
    explicit NumberStep(const FieldSpec& spec) : spec_(spec), whole_(spec.field.type == FieldType::kInteger) {}
    void run(Block& block, std::size_t field) override {
        const auto column = block.column(field);
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (isNullCell(column[row])) continue;
            const NumberText made = whole_ ? canonicalInteger(column[row], spec_.scale, block.arena)
                                           : canonicalDecimal(column[row], spec_.scale, block.arena);
            if (made.fault != NumberFault::kNone) {
                block.reject(row, spec_.field.name, "type", faultMessage(spec_, describe(made.fault), column[row]));
            }
            column[row] = made.text;
        }
    }

private:
    static FaultText describe(NumberFault fault) noexcept {
        switch (fault) {
            case NumberFault::kTooLong:
                return {"type", "数字超过 60 位，请核对来源字段",
                        "a number of more than 60 digits; look at the source's column"};
            case NumberFault::kFraction:
                return {"type", "应为整数，却有小数；改用 decimal 或加 scale",
                        "not whole; use type decimal or a scale"};
            case NumberFault::kRange:
                return {"type", "超出 64 位整数；改用 decimal", "beyond 64 bits; use type decimal"};
            default:
                return {"type", "不是数字；可用 nulls 列出表示“无”的写法",
                        "not a number; list texts that mean nothing under nulls"};
        }
    }
    const FieldSpec& spec_;
    bool whole_;
};

/// Fills nulls; and refuses those that stay where a value must be.
class DefaultStep final : public Step {
public:
    explicit DefaultStep(CellText text) : text_(text) {}
    void run(Block& block, std::size_t field) override {
        for (CellText& cell : block.column(field)) {
            if (isNullCell(cell)) cell = text_;
        }
    }

private:
    CellText text_;
};

class RequiredStep final : public Step {
public:
    explicit RequiredStep(const FieldSpec& spec) : spec_(spec) {}
    void run(Block& block, std::size_t field) override {
        const auto column = block.column(field);
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (!column[row].empty() || (block.ops[row] == Op::kDelete && !spec_.field.key)) continue;
            if (block.states[row] != Block::State::kGood) continue;
            constexpr FaultText kText{"required", "必填而为空；请在来源补全，或给出 default",
                                      "must not be empty; complete it at the source or give a default"};
            constexpr FaultText kKey{"required", "主键为空；请在来源补全",
                                     "the key is empty; complete it at the source"};
            block.reject(row, spec_.field.name, "required",
                         faultMessage(spec_, spec_.field.key ? kKey : kText, kNullCell));
        }
    }

private:
    const FieldSpec& spec_;
};

void addType(Steps& steps, const FieldSpec& spec) {
    switch (spec.field.type) {
        case FieldType::kText:
            return;
        case FieldType::kInteger:
        case FieldType::kDecimal:
            steps.push_back(std::make_unique<NumberStep>(spec));
            return;
        case FieldType::kBoolean:
            return addCheck(steps, spec,
                            {"type", "不是“是/否”；认得 true false 1 0 是 否，别的写法用 code",
                             "neither true nor false; known are true, false, 1, 0, yes, no; use code for others"},
                            [](CellText text, TextArena&) { return canonicalBoolean(text); });
        case FieldType::kDate:
        case FieldType::kDateTime:
            return addCheck(
                steps, spec,
                {"date", "日期认不出或不存在；在 date 中加上它的写法，或在 nulls 中列出",
                 "not a date in the declared spellings; add its spelling to date, or list it under nulls"},
                [&spec](CellText text, TextArena& arena) { return canonicalDate(text, spec.dates, arena); });
        case FieldType::kJson: {
            auto check = std::make_shared<JsonCheck>();
            return addCheck(steps, spec, {"type", "不是一个 JSON 值", "not one JSON value"},
                            [check](CellText text, TextArena& arena) {
                                const auto size = check->compact(text, arena.room(text.size()));
                                return size ? arena.commit(*size) : kNullCell;
                            });
        }
    }
}

void addIdentifier(Steps& steps, const FieldSpec& spec, const CodeTable* divisions) {
    switch (spec.check) {
        case CheckKind::kNone:
            return;
        case CheckKind::kIdCard:
            return addCheck(
                steps, spec,
                {"id_card", "身份证号码不合 GB 11643（长度、出生日期或校验码）；请在来源核对",
                 "no identity number of GB 11643 (length, birth date or check character); check the source"},
                canonicalIdCard);
        case CheckKind::kCreditCode:
            return addCheck(steps, spec,
                            {"credit_code", "统一社会信用代码不合 GB 32100（长度、字符或校验码）；请在来源核对",
                             "no credit code of GB 32100 (length, characters or check character); check the source"},
                            canonicalCreditCode);
        case CheckKind::kDivision:
            return addCheck(steps, spec,
                            {"division", "行政区划代码不对：应为现行的 6、9 或 12 位代码",
                             "no division code in force; 6, 9 or 12 digits of GB/T 2260"},
                            [divisions](CellText text, TextArena& arena) {
                                const CellText made = canonicalDivision(text, arena);
                                const bool known = isNullCell(made) || divisions == nullptr ||
                                                   !isNullCell(divisions->find(made)) ||
                                                   !isNullCell(divisions->find(made.substr(0, 6)));
                                return known ? made : kNullCell;
                            });
        case CheckKind::kPhone:
            return addCheck(steps, spec,
                            {"phone", "电话号码不对：应为 11 位手机号，或带区号的座机号",
                             "no telephone number; 11 digits of a mobile, or a fixed line with its area code"},
                            canonicalPhone);
    }
}

core::Status addCode(Steps& steps, const FieldSpec& spec, const StepContext& context) {
    if (spec.codeTable.empty()) return {};
    const CodeTable* table = context.table(spec.codeTable);
    if (table == nullptr) {
        return core::makeError(core::ErrorCode::kInvalidInput,
                               spec.where + ": codes has no table '" + spec.codeTable + "'");
    }
    if (spec.unknownCode == UnknownCode::kReject) {
        addCheck(steps, spec,
                 {"code_table", "代码表中没有这个代码；补充代码表，或设 unknown: keep",
                  "the code table does not have this code; add it, or say unknown: keep"},
                 [table](CellText text, TextArena&) { return table->find(text); });
    } else if (spec.unknownCode == UnknownCode::kNull) {
        addEach(steps, [table](CellText text, TextArena&) { return table->find(text); });
    } else {
        addEach(steps, [table](CellText text, TextArena&) {
            const CellText found = table->find(text);
            return isNullCell(found) ? text : found;
        });
    }
    return {};
}

void addNulls(Steps& steps, const FieldSpec& spec) {
    const bool emptyIsNull =
        spec.field.type != FieldType::kText || !spec.codeTable.empty() || spec.check != CheckKind::kNone;
    if (spec.nulls.empty()) {
        if (emptyIsNull) addEach(steps, [](CellText text, TextArena&) { return text.empty() ? kNullCell : text; });
        return;
    }
    addEach(steps, [emptyIsNull, &nulls = spec.nulls](CellText text, TextArena&) {
        if (text.empty() && emptyIsNull) return kNullCell;
        for (const auto& null : nulls) {
            if (text == null) return kNullCell;
        }
        return text;
    });
}

/// The default has to be a value that the field can have.
core::Status addDefault(Steps& steps, const FieldSpec& spec) {
    if (!spec.fallback) return {};
    Steps type;
    addType(type, spec);
    Batch one;
    one.reset(0);
    one.addRow(Op::kUpsert, 0);
    Block block;
    block.open(one, 0, 1, 1);
    block.column(0)[0] = spec.fallback->empty() ? kEmptyCell : CellText(*spec.fallback);
    for (auto& step : type) step->run(block, 0);
    if (!block.faults.empty() || (spec.scale.mantissa == 1 && block.column(0)[0] != *spec.fallback)) {
        return core::makeError(core::ErrorCode::kInvalidInput, spec.where + ": default '" + *spec.fallback +
                                                                   "' is no " + std::string(toString(spec.field.type)) +
                                                                   " in its canonical form");
    }
    steps.push_back(std::make_unique<DefaultStep>(spec.fallback->empty() ? kEmptyCell : CellText(*spec.fallback)));
    return {};
}

}  // namespace

core::Result<Steps> compileSteps(const FieldSpec& spec, const StepContext& context) {
    Steps steps;
    if (spec.trim)
        addEach(steps, [](CellText text, TextArena&) {
            const CellText made = trimmed(text);
            return made.empty() ? kEmptyCell : made;
        });
    if (spec.ascii || spec.check != CheckKind::kNone ||
        (spec.field.type != FieldType::kText && spec.field.type != FieldType::kJson)) {
        addEach(steps, halfWidth);
    }
    addNulls(steps, spec);
    YIMEN_TRY_STATUS(addCode(steps, spec, context));
    addIdentifier(steps, spec, spec.check == CheckKind::kDivision ? context.table("division") : nullptr);
    addType(steps, spec);
    YIMEN_TRY_STATUS(addDefault(steps, spec));
    if (spec.field.required || spec.field.key) steps.push_back(std::make_unique<RequiredStep>(spec));
    return steps;
}

core::Result<Steps> compileMask(const FieldSpec& spec, const StepContext& context) {
    Steps steps;
    switch (spec.mask) {
        case MaskKind::kNone:
            break;
        case MaskKind::kIdNumber:
            addEach(steps, maskIdNumber);
            break;
        case MaskKind::kPhone:
            addEach(steps, maskPhone);
            break;
        case MaskKind::kName:
            addEach(steps, maskName);
            break;
        case MaskKind::kKeyedHash:
            if (!context.keyedHash) {
                return core::makeError(core::ErrorCode::kInvalidInput,
                                       spec.where + ": mask keyed_hash needs the hub's key, which is not here");
            }
            addEach(steps,
                    [&hash = context.keyedHash](CellText text, TextArena& arena) { return arena.copy(hash(text)); });
            break;
    }
    return steps;
}

}  // namespace yimen::sync::mapping
