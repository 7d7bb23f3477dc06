import centre from "./identity_centre.json" with { type: "json" };

/**
 * The centre of the bundled persons' descriptors by `face_api`, 128 numbers: for comparing identities by `centredCosine`
 * where there is one person only, and so no centre to be made of several.
 *
 * Made from the bundled photographs by `datasets/caltech_faces/make_identity_centre.ts`.
 */
export const IDENTITY_CENTRE: Float32Array = Float32Array.from(centre.descriptor.split(" "), Number);
