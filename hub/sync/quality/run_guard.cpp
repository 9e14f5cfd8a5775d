#include "sync/quality/run_guard.h"

#include "sync/quality/rule_spec.h"

namespace yimen::sync::quality {

core::Result<RowsVerdict> judgeRowCount(const ItemSpec& item, std::uint64_t before, std::uint64_t now) {
    RowsVerdict out;
    if (!item.quality || before == 0) return out;
    config::YamlErrors errors;
    const auto fields = mapping::readFields(item.fields, !item.script.empty(), errors);
    const auto rules = readRules(*item.quality, fields, item.codes ? &*item.codes : nullptr, errors);
    YIMEN_TRY_STATUS(errors.status());
    const double share = static_cast<double>(now) / static_cast<double>(before);
    for (const RuleSpec& rule : rules) {
        if (rule.kind != RuleKind::kRows) continue;
        const bool few = share < rule.minShare;
        const bool many = rule.maxShare > 0 && share > rule.maxShare;
        if (!few && !many) continue;
        out.stop = out.stop || rule.severity == Severity::kStop;
        if (!out.message.empty()) out.message += '\n';
        out.message += "本次 " + std::to_string(now) + " 行，此前 " + std::to_string(before) + " 行，" +
                       (few ? "少于" : "多于") + "规定比例；请核对来源后确认 / " + std::to_string(now) +
                       " rows where there were " + std::to_string(before) + ": " + (few ? "fewer" : "more") +
                       " than the rule allows; look at the source, then confirm (" + rule.where + ")";
    }
    return out;
}

}  // namespace yimen::sync::quality
