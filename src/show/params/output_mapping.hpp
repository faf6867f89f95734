#pragma once
// A mapping as keys of a TOML table. Thread: any.

#include "show/params/toml_reader.hpp"
#include "stage/mapping.hpp"

namespace ombra::show {

// What differs from no mapping at all.
void write_mapping(const stage::Mapping& mapping, toml::table& table);
// What the table says of it; wrong values are left out with a remark. -> not yet sane
void read_mapping(TableReader& reader, stage::Mapping& mapping, Remarks& remarks);

}  // namespace ombra::show
