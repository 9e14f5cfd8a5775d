#include "sync/mapping/messages.h"

#include "sync/mapping/text_arena.h"
#include "sync/mapping/text_ops.h"

namespace yimen::sync::mapping {

std::string faultMessage(const FieldSpec& spec, const FaultText& text, std::string_view value) {
    const bool show = spec.personal == Personal::kNone && spec.mask == MaskKind::kNone && !isNullCell(value);
    const std::string sample = show ? shown(value) : std::string();
    std::string out = spec.field.title;
    out.append("：").append(text.zh);
    if (show) out.append("（值“").append(sample).append("”）");
    out.append(" / ").append(spec.field.name).append(": ").append(text.en);
    if (show) out.append(" (value '").append(sample).append("')");
    return out;
}

}  // namespace yimen::sync::mapping
