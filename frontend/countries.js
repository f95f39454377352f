// Where the names of countries stand on the map: name, longitude, latitude, and the zooms between
// which they are shown. The map that the server draws has the same (web/site/geography.py).

export const COUNTRIES = [
  ["Ukraine", 31.2, 48.6, 0, 7], ["Russia", 41.5, 54, 0, 7], ["Belarus", 27.9, 53.6, 0, 24],
  ["Ukraine", 34.3, 50.35, 7, 24], ["Russia", 37.5, 51.1, 7, 24],
];
