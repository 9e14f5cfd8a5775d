#include "adapter/hooks.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace yimen::adapter {

namespace {

constexpr lua::Limits signOnLimits() {
    lua::Limits limits;
    limits.maxBytes = 16 * 1024 * 1024;
    limits.maxInstructions = 2'000'000;
    limits.maxLibrarySteps = 5'000'000;
    limits.maxTime = std::chrono::seconds(15);  // http.get waits inside
    limits.wipeMemory = true;
    return limits;
}

core::Result<std::string> readFile(const std::string& path) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    std::ifstream in(path, std::ios::binary);
    if (failure || !in) return core::makeError(core::ErrorCode::kNotFound, path + ": cannot be read");
    std::string text(static_cast<std::size_t>(size), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.gcount() != static_cast<std::streamsize>(text.size())) {
        return core::makeError(core::ErrorCode::kNotFound, path + ": cannot be read");
    }
    return text;
}

lua::Value toValue(const HtmlForm& form) {
    lua::Table fields;
    for (const auto& input : form.inputs) fields.set(input.name, lua::Value(input.value));
    return fields;
}

/// Lays what the script returned over the form; the order of the page stays, new names follow by name.
core::Status applyFields(const lua::Value& returned, HtmlForm& form) {
    const auto* table = returned.table();
    if (table == nullptr)
        return core::makeError(core::ErrorCode::kInvalidInput, "transform must return the table of fields");
    auto fields = table->fields;
    std::sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [name, value] : fields) {
        if (const auto* flag = value.boolean(); flag != nullptr && !*flag) {
            std::erase_if(form.inputs, [&key = name](const FormInput& input) { return input.name == key; });
            continue;
        }
        if (!value.isText()) {
            return core::makeError(core::ErrorCode::kInvalidInput, "transform: field '" + name + "' is not a text");
        }
        form.set(name, std::string(value.textOr("")));
    }
    return {};
}

}  // namespace

core::Result<std::shared_ptr<const Hooks>> Hooks::load(const std::string& folder, const std::string& file) {
    const std::filesystem::path base(folder);
    YIMEN_TRY(const auto source, readFile((base / file).string()));
    const std::string shown = (base.filename() / file).string();
    YIMEN_TRY(auto chunk, lua::Chunk::compile(source, shown));
    const core::SystemClock clock;
    lua::State state(signOnLimits(), clock);
    YIMEN_TRY(const int module, state.load(chunk));
    if (!state.function(module, "transform")) {
        return core::makeError(core::ErrorCode::kInvalidInput, shown + ":1: returns no function 'transform'");
    }
    return std::make_shared<const Hooks>(Hooks(std::move(chunk)));
}

core::Status Hooks::transform(Exchange& exchange, HtmlForm& form, const std::string& html) const {
    const auto& context = exchange.context();
    lua::State state(signOnLimits(), context.clock, hostApi(exchange));
    YIMEN_TRY(const int module, state.load(chunk_));
    const auto function = state.function(module, "transform");
    if (!function) return core::makeError(core::ErrorCode::kInvalidInput, chunk_.name() + ": returns no 'transform'");
    lua::Table page;
    page.set("action", lua::Value(form.action)).set("html", lua::Value(html));
    auto answer = state.call(*function, {toValue(form), lua::Value(std::move(page))});
    if (!answer.ok()) {
        auto error = answer.error();
        error.message = maskSecrets(error.message, context.secrets);
        error.detail.clear();
        return error;
    }
    return applyFields(*answer, form);
}

std::string maskSecrets(std::string text, const SecretMap& secrets) {
    for (const auto& [name, secret] : secrets) {
        const std::string_view value = secret.reveal();  // to find it and take it out
        if (value.size() < 3) continue;
        for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at + 3)) {
            text.replace(at, value.size(), "***");
        }
    }
    return text;
}

}  // namespace yimen::adapter
