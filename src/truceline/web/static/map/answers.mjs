// What the map asks the server. The page runs this before the map's own program, which is large,
// so that the answers come while that is still being fetched and read.

async function got(path) {
  const answer = await fetch(path, { headers: { "X-Truceline": "map" } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

export const features = async (path) => (await got(path)).json();
const columns = async (path) => (await got(path)).arrayBuffer();

/** Ask for the picture: what is drawn, and what it is drawn on. */
export const picture = () => ({ marks: columns("/api/map/incidents"), land: features("/api/map/ground") });

/** Ask for what the table says besides. */
export const details = () => columns("/api/map/details");

export const first = picture();
