#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yimen::catalog {

/// 共享属性 of 政务信息资源目录编制指南 (2017): 1 无条件共享, 2 有条件共享, 3 不予共享.
enum class ShareType { kUnconditional = 1, kConditional = 2, kNone = 3 };
/// Personal information in an item (GB/T 35273).
enum class Personal { kNone, kPersonal, kSensitive };
/// How records come: 接口互联, 定期拷贝, or 本级产生 (made by the hub itself).
enum class Acquire { kInterface, kCopy, kOwn };

/// One data item of the catalogue: core metadata of the national guide. A value.
struct DataItem {
    std::string code;          ///< ZS-SQ-013
    std::string resourceCode;  ///< 类项目/顺序码
    std::string name;
    std::string category;  ///< 党建, 经济, ...
    std::string source;    ///< system id, or "hub"
    std::string provider;  ///< responsible body
    int level = 1;         ///< 一般1级 to 一般4级
    Personal personal = Personal::kNone;
    ShareType share = ShareType::kUnconditional;
    std::string shareCondition;
    bool open = false;  ///< 可向社会开放
    std::string cycle;  ///< 实时, 每日, ... in the guide's words
    Acquire acquire = Acquire::kCopy;
    std::vector<std::string> keyFields;
    std::string format;
    bool operator==(const DataItem&) const = default;
};

std::string_view toString(ShareType share) noexcept;
std::string_view toString(Personal personal) noexcept;

/// How old an item may be before it is late: its cycle and half of it again. Nothing for 按需 (on demand).
std::optional<std::chrono::hours> latestAge(std::string_view cycle) noexcept;

}  // namespace yimen::catalog
