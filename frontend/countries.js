// Where the names of countries can stand on the map: name, longitude, latitude; some twice, for close
// views. The map that the server draws has the same (web/site/geography.py).

export const COUNTRIES = [
  ["Ukraine", 34.3, 50.35], ["Russia", 37.5, 51.1], ["Ukraine", 31.2, 48.6], ["Russia", 41.5, 54],
  ["Belarus", 27.9, 53.6],
];
