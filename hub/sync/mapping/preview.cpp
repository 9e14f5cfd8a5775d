#include "sync/mapping/preview.h"

#include <algorithm>
#include <map>

#include "sync/mapping/field_spec.h"
#include "sync/mapping/masks.h"

namespace yimen::sync {

namespace {

using mapping::FieldSpec;
using mapping::Personal;

std::string masked(std::string_view text, Personal personal) {
    mapping::TextArena arena;
    switch (personal) {
        case Personal::kNone:
            return std::string(text);
        case Personal::kName:
            return std::string(maskName(text, arena));
        case Personal::kIdNumber:
            return std::string(maskIdNumber(text, arena));
        case Personal::kPhone:
            return std::string(maskPhone(text, arena));
        case Personal::kAddress:
        case Personal::kSensitive:
            return text.empty() ? std::string() : "***";
    }
    return "***";
}

/// Turns sample rows into what people see of them.
class Preview {
public:
    Preview(const std::vector<FieldSpec>& fields, const std::vector<SourceField>& columns) : fields_(fields) {
        for (std::size_t i = 0; i < columns.size(); ++i) numbers_[columns[i].name] = i;
        for (const FieldSpec& field : fields) {
            if (field.personal == Personal::kNone) continue;
            // A column that feeds a personal field is personal wherever else it goes.
            for (const auto& name : field.columns) columnKinds_[name] = field.personal;
        }
    }

    PreviewRow row(const Batch& in, const Mapped& out) const {
        PreviewRow made;
        made.origin = in.origin(0);
        if (out.dropped > 0) made.state = PreviewRow::State::kDropped;
        if (!out.rows.empty() && out.rows.op(0) == Op::kDelete) made.state = PreviewRow::State::kGone;
        for (std::size_t i = 0; i < fields_.size(); ++i) made.cells.push_back(cell(in, out, i));
        for (const RuleCount& count : out.rules) {
            if (count.severity != "reject") made.rules.push_back(count);
        }
        if (!out.rejected.empty()) addFault(out.rejected[0], made);
        return made;
    }

private:
    PreviewCell cell(const Batch& in, const Mapped& out, std::size_t number) const {
        const FieldSpec& field = fields_[number];
        PreviewCell made{.field = field.field.name,
                         .title = field.field.title,
                         .source = {},
                         .result = {},
                         .rule = {},
                         .message = {}};
        for (const auto& name : field.columns) {
            const std::size_t column = numbers_.at(name);
            if (in.isNull(0, column)) continue;
            const auto kind = columnKinds_.find(name);
            made.source = made.source ? *made.source + " + " : std::string();
            *made.source += masked(in.text(0, column), kind == columnKinds_.end() ? Personal::kNone : kind->second);
        }
        if (!out.rows.empty() && !out.rows.isNull(0, number))
            made.result = masked(out.rows.text(0, number), kindOf(field));
        return made;
    }
    Personal kindOf(const FieldSpec& field) const {
        if (field.personal != Personal::kNone || field.mask != mapping::MaskKind::kNone) {
            return field.mask == mapping::MaskKind::kNone ? field.personal : Personal::kNone;
        }
        for (const auto& name : field.columns) {
            if (const auto kind = columnKinds_.find(name); kind != columnKinds_.end()) return kind->second;
        }
        return Personal::kNone;
    }
    void addFault(const Reject& reject, PreviewRow& made) const {
        made.state = PreviewRow::State::kRejected;
        for (PreviewCell& cell : made.cells) {
            if (cell.field != reject.field) continue;
            cell.rule = reject.rule;
            cell.message = reject.message;
            return;
        }
        made.rule = reject.rule;
        made.message = reject.message;
    }

    const std::vector<FieldSpec>& fields_;
    std::map<std::string, std::size_t> numbers_;
    std::map<std::string, Personal> columnKinds_;
};

}  // namespace

core::Result<std::vector<PreviewRow>> previewMapping(const ItemSpec& item, const std::vector<SourceField>& columns,
                                                     const Batch& samples, const MapperServices& services) {
    YIMEN_TRY(const auto mapper, compileMapper(item, columns, services));
    config::YamlErrors errors;
    const auto fields = mapping::readFields(item.fields, !item.script.empty(), errors);
    const Preview preview(fields, columns);
    std::vector<PreviewRow> out;
    Batch one;
    Mapped mapped;
    for (std::size_t row = 0; row < std::min(samples.rows(), kMaxPreviewRows); ++row) {
        one.reset(samples.columns());
        one.addRow(samples.op(row), samples.origin(row));
        for (std::size_t column = 0; column < samples.columns(); ++column) {
            if (samples.isNull(row, column)) continue;
            if (!one.set(0, column, samples.text(row, column))) {
                return core::makeError(core::ErrorCode::kTooLarge, "a cell of the samples is too large");
            }
        }
        YIMEN_TRY_STATUS(mapper->map(one, mapped));
        out.push_back(preview.row(one, mapped));
    }
    return out;
}

}  // namespace yimen::sync
