-- Colours as HTML writes them, for Typst.
local M = {}

local NAMES = { black = "#000000", white = "#ffffff", red = "#ff0000", green = "#008000", blue = "#0000ff",
  yellow = "#ffff00", orange = "#ffa500", purple = "#800080", brown = "#a52a2a", pink = "#ffc0cb", gray = "#808080",
  grey = "#808080", darkred = "#8b0000", darkgreen = "#006400", darkblue = "#00008b", crimson = "#dc143c",
  maroon = "#800000", navy = "#000080", teal = "#008080", olive = "#808000", lime = "#00ff00", cyan = "#00ffff",
  magenta = "#ff00ff", silver = "#c0c0c0", gold = "#ffd700", tomato = "#ff6347", firebrick = "#b22222",
  steelblue = "#4682b4", lightgreen = "#90ee90", lightblue = "#add8e6", lightgray = "#d3d3d3", lightgrey = "#d3d3d3",
  lightyellow = "#ffffe0", salmon = "#fa8072" }

local function hex(value)
  value = value:lower()
  if value:find("^#%x%x%x$") or value:find("^#%x%x%x%x%x%x$") then return value end
  local r, g, b = value:match("^rgba?%(%s*(%d+)%s*,%s*(%d+)%s*,%s*(%d+)")
  if r then return string.format("#%02x%02x%02x", math.min(r, 255), math.min(g, 255), math.min(b, 255)) end
  return NAMES[value]
end

-- The colour that a style gives a property, as Typst's rgb(…), or nil.
function M.of(style, property)
  for name, value in (style or ""):gmatch("([%a-]+)%s*:%s*([^;]+)") do
    local found = name == property and hex(value:gsub("%s+$", ""))
    if found then return 'rgb("' .. found .. '")' end
  end
end

return M
