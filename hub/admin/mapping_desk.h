#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "http/router.h"
#include "sync/mapping/preview.h"
#include "web/routes.h"

namespace yimen::admin {

/// How an item is mapped, as its author wrote it.
struct MappingText {
    std::string file;        ///< "adapters/qu-grid/data.yaml"
    std::string text;        ///< the whole file: items share codes and source
    std::string scriptName;  ///< empty: none
    std::string script;
    std::string version;
};

/// What is to be tried on records of the source.
struct MappingWish {
    std::optional<std::string> text;    ///< in place of the file
    std::optional<std::string> script;  ///< in place of the script it names
    std::size_t rows = 20;
};

struct MappingPreview {
    std::vector<std::string> columns;  ///< of the source, as it has them now
    std::string version;
    std::vector<sync::PreviewRow> rows;  ///< personal values masked
};

/// What the mapping editor asks of the running program. Implemented in main. Thread-safe, blocks on the source.
/// Errors: kNotFound when nothing supplies the item; kInvalidInput with file:line:column for a text that is wrong.
class MappingDesk {
public:
    virtual ~MappingDesk() = default;
    virtual core::Result<MappingText> mapping(const std::string& code) = 0;
    virtual core::Result<MappingPreview> preview(const std::string& code, const MappingWish& wish) = 0;
};

/// Adds the calls of the mapping editor. The arguments must outlive the router.
core::Status mountMapping(http::Router& router, const web::WebContext& context, MappingDesk& desk);

}  // namespace yimen::admin
