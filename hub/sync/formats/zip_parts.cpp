#include "sync/formats/zip_parts.h"

#include <zip.h>

#include "sync/formats/record_reader.h"

namespace yimen::sync {

struct ZipParts::Inner {
    Inner(std::string name, std::size_t bytes) : document(std::move(name)), budget(bytes) {}
    ~Inner() {
        if (archive != nullptr) zip_discard(archive);
    }
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;

    std::string document;
    std::size_t budget;
    zip_t* archive = nullptr;
};

ZipParts::ZipParts(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
ZipParts::ZipParts(ZipParts&&) noexcept = default;
ZipParts::~ZipParts() = default;

core::Result<ZipParts> ZipParts::open(std::string_view bytes, std::string document, std::size_t budget) {
    auto inner = std::make_unique<Inner>(std::move(document), budget);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source != nullptr) {
        inner->archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
        if (inner->archive == nullptr) zip_source_free(source);
    }
    const std::string why = inner->archive == nullptr ? zip_error_strerror(&error) : "";
    zip_error_fini(&error);
    if (inner->archive == nullptr) {
        return documentError(inner->document, 0,
                             "the workbook cannot be unpacked (" + why + "): cut off? fetch it again");
    }
    if (zip_get_num_entries(inner->archive, 0) > kMaxParts)
        return documentError(inner->document, 0, "the workbook has too many parts");
    return ZipParts(std::move(inner));
}

bool ZipParts::has(const std::string& name) const {
    return zip_name_locate(inner_->archive, name.c_str(), ZIP_FL_NOCASE) >= 0;
}

core::Result<std::string> ZipParts::part(const std::string& name) {
    zip_file_t* const file = zip_fopen(inner_->archive, name.c_str(), ZIP_FL_NOCASE);
    if (file == nullptr) return documentError(inner_->document, 0, "the workbook has no part " + name);
    constexpr std::size_t kPiece = 256 * std::size_t{1024};
    std::string all;
    bool bad = false;
    bool large = false;
    while (true) {
        const std::size_t before = all.size();
        all.resize(before + kPiece);
        const zip_int64_t count = zip_fread(file, all.data() + before, kPiece);
        bad = count < 0;
        all.resize(before + (count > 0 ? static_cast<std::size_t>(count) : 0));
        large = all.size() > inner_->budget;
        if (count <= 0 || large) break;
    }
    zip_fclose(file);
    if (large)
        return core::makeError(core::ErrorCode::kTooLarge,
                               inner_->document + ": unpacked it is larger than max_document");
    if (bad)
        return documentError(inner_->document, 0, "the part " + name + " of the workbook is damaged: fetch it again");
    inner_->budget -= all.size();
    return all;
}

}  // namespace yimen::sync
