#include "policy/matchers/matchers.h"

namespace yimen::policy::matchers {

ConditionPtr readLua(const config::YamlNode& node, ReadContext& context) {
    auto script = node.text();
    if (!script.ok()) {
        context.errors.add(script.error());
        return nullptr;
    }
    if (!context.sources.compileLua) {
        context.errors.add(node.error("conditions in Lua are not available here"));
        return nullptr;
    }
    auto condition = context.sources.compileLua(*script, node.where());
    if (!condition.ok()) {
        context.errors.add(node.error(condition.error().message));
        return nullptr;
    }
    return std::move(condition).value();
}

}  // namespace yimen::policy::matchers
